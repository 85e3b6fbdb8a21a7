//! Tiếng Việt.

use hcert::date::DateError;

use crate::{
    card::{CardError, Layout, Mending},
    fhir::{FhirError, What},
    field::Field,
    finding::{Finding, Form, Problem},
    record::Sex,
    table::TableError,
};

pub(super) const MARKS_LOST: &str =
    "Máy quét bỏ mất dấu tiếng Việt. Sửa lại họ tên bằng tay và đặt máy quét gửi Unicode.";

pub(super) const TEMPLATE: [&str; 9] = [
    "Mỗi dòng là một người và một sự kiện: tiêm chủng, xét nghiệm hoặc khỏi bệnh. Cột của loại khác để trống hoặc xóa đi.",
    "Các cột có thể đổi thứ tự. Cột lạ được giữ nguyên và không đọc.",
    "Ngày: 26/02/1998, ngày trước tháng sau. Ngày sinh không rõ thì ghi 02/1998 hoặc 1998.",
    "Thời gian lấy mẫu: 20/12/2021 14:30.",
    "Số giấy tờ là văn bản: đặt định dạng cột là Text trước khi nhập để không mất số 0.",
    "Mũi: 2/2 hoặc 2. Mũi nhắc sau hai mũi ghi 3/3, sau một mũi hoặc sau khi khỏi bệnh ghi 2/1.",
    "Loại vắc xin và nhà sản xuất có thể để trống nếu đã ghi vắc xin.",
    "Những người gộp chung một ống mẫu ghi cùng một mã ống.",
    "Mã dòng có thể để trống. Nơi có mã riêng thì ghi vào đó: cùng một mã không bao giờ được cấp hai lần.",
];

pub(super) fn field(field: Field) -> &'static str {
    match field {
        Field::Key => "Mã dòng",
        Field::FullName => "Họ và tên",
        Field::FamilyName => "Họ",
        Field::GivenNames => "Tên đệm và tên",
        Field::PassportFamily => "Họ trên hộ chiếu",
        Field::PassportGiven => "Tên trên hộ chiếu",
        Field::BirthDate => "Ngày sinh",
        Field::Sex => "Giới tính",
        Field::Nationality => "Quốc tịch",
        Field::Identity => "Số giấy tờ",
        Field::Cccd => "Số CCCD",
        Field::Cmnd => "Số CMND",
        Field::Passport => "Số hộ chiếu",
        Field::Bhyt => "Số thẻ BHYT",
        Field::Kind => "Loại sự kiện",
        Field::Disease => "Bệnh",
        Field::Prophylaxis => "Loại vắc xin",
        Field::Product => "Vắc xin",
        Field::Manufacturer => "Nhà sản xuất",
        Field::Lot => "Số lô",
        Field::Dose => "Mũi tiêm",
        Field::TotalDoses => "Tổng số mũi",
        Field::Date => "Ngày tiêm",
        Field::Site => "Mã cơ sở",
        Field::GivenBy => "Người tiêm",
        Field::Country => "Quốc gia",
        Field::TestType => "Loại xét nghiệm",
        Field::TestName => "Tên xét nghiệm",
        Field::TestDevice => "Bộ xét nghiệm nhanh",
        Field::SampledAt => "Thời gian lấy mẫu",
        Field::Result => "Kết quả",
        Field::Tube => "Mã ống",
        Field::FirstPositive => "Ngày dương tính đầu tiên",
        Field::ValidFrom => "Hiệu lực từ",
        Field::ValidUntil => "Hiệu lực đến",
    }
}

fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "nam",
        Sex::Female => "nữ",
        Sex::Other => "khác",
    }
}

fn form(form: Form) -> &'static str {
    match form {
        Form::Cccd => "12 chữ số như trên thẻ căn cước",
        Form::Cmnd => "9 chữ số",
        Form::Passport => "5 đến 15 chữ cái và chữ số",
        Form::Bhyt => "15 ký tự (DN4790123456789) hoặc 10 chữ số",
        Form::Identity => "12 chữ số (CCCD), 9 chữ số (CMND) hoặc số hộ chiếu",
        Form::Date => "ngày/tháng/năm, ví dụ 26/02/1998",
        Form::DateTime => "ngày và giờ, ví dụ 20/12/2021 14:30",
        Form::Sex => "Nam hoặc Nữ",
        Form::Dose => "mũi thứ mấy trên tổng số mũi, ví dụ 2/2",
        Form::Lot => "3 đến 20 chữ cái, chữ số, gạch nối, dấu chấm, gạch chéo",
        Form::Site => "mã cơ sở, 2 đến 32 chữ cái và chữ số",
        Form::Tube => "3 đến 40 chữ cái và chữ số",
        Form::PassportName => "các chữ A đến Z như trên hộ chiếu",
        Form::Key => "tối đa 64 ký tự, không có khoảng trắng",
        Form::Kind => "tiêm chủng, xét nghiệm hoặc khỏi bệnh",
    }
}

pub(super) fn what(finding: &Finding) -> String {
    match finding.problem() {
        Problem::Missing => "Còn thiếu.".into(),
        Problem::TooLong { length, .. } => format!("Có {length} ký tự, quá dài."),
        Problem::ControlCharacter { found } => {
            format!("Có ký tự ẩn (U+{:04X}).", u32::from(*found))
        }
        Problem::Form(_) => "Không đọc được.".into(),
        Problem::Date(error) => match error {
            DateError::Year { year } => format!("Năm {year} không hợp lệ."),
            DateError::Month { month } => format!("Không có tháng {month}."),
            DateError::Day { day } => format!("Tháng này không có ngày {day}."),
            DateError::Time => "Không có giờ như vậy.".into(),
            _ => "Không phải ngày.".into(),
        },
        Problem::TwoDigitYear => "Năm chỉ có hai chữ số.".into(),
        Problem::SwappedDate { .. } => "Ngày và tháng bị đảo.".into(),
        Problem::TimeMissing => "Thiếu giờ.".into(),
        Problem::ScientificNumber => "Bảng tính đã rút gọn số, mất chữ số.".into(),
        Problem::UnknownCode { .. } => "Không có trong danh mục.".into(),
        Problem::InactiveCode => "Không còn dùng.".into(),
        Problem::NoTransliteration { letter } => {
            format!("Không chuyển được sang chữ trên hộ chiếu, chưa có quy tắc cho chữ {letter}.")
        }
        Problem::TwoKinds => "Dòng này báo hai loại sự kiện.".into(),
        Problem::NoEvent => "Không có tiêm chủng, xét nghiệm hay khỏi bệnh.".into(),
        Problem::BeforeOther { other } => format!("Trước \"{}\".", field(*other)),
        Problem::ZerosRestored => "Mất số 0 ở đầu, đã thêm lại.".into(),
        Problem::SerialDate { read } => {
            format!("Số của bảng tính được đọc là ngày {}.", day(*read))
        }
        Problem::Future { .. } => "Nằm ở tương lai.".into(),
        Problem::BeforeBirth { .. } => "Trước ngày sinh.".into(),
        Problem::BeforeDisease { .. } => "Khi đó chưa có bệnh này.".into(),
        Problem::BeforeProduct { first } => {
            format!("Trước ngày {} chưa có vắc xin này.", day(*first))
        }
        Problem::Age { years } => format!("Người này sẽ {years} tuổi."),
        Problem::UnderAge { minimum } => format!("Vắc xin này dành cho người từ {minimum} tuổi."),
        Problem::CardBirthYear { card } => format!("Số CCCD cho biết năm sinh là {card}."),
        Problem::CardSex { card } => format!("Số CCCD cho biết giới tính là {}.", sex(*card)),
        Problem::CardProvince { code } => format!("Không có tỉnh mang mã {code:03}."),
        Problem::CardNationality => "Người nước ngoài không có số CCCD.".into(),
        Problem::CardOfChild { years } => format!("Đây là thẻ trẻ em, người này {years} tuổi."),
        Problem::NameDigit => "Họ tên có chữ số.".into(),
        Problem::NameCharacter { found } => format!("Họ tên có ký tự {found}."),
        Problem::NameOneWord => "Họ tên chỉ có một chữ.".into(),
        Problem::NameEncoding => "Chữ bị hỏng khi chuyển mã.".into(),
        Problem::NameTyping { .. } => "Họ tên được gõ khi bộ gõ tiếng Việt đang tắt.".into(),
        Problem::NameSwapped => "Có vẻ họ và tên bị đảo.".into(),
        Problem::NameSex { word } => format!("Tên đệm {word} là của giới tính kia."),
        Problem::DoseTooSoon { days, minimum } => {
            format!("Mũi này cách mũi trước {days} ngày, tối thiểu là {minimum}.")
        }
        Problem::DoseSameDay => "Đã có mũi khác trong cùng ngày.".into(),
        Problem::DoseRepeated { date } => format!("Mũi này đã được báo cho ngày {}.", day(*date)),
        Problem::DoseOrder { number } => format!("Thứ tự so với mũi {number} không đúng."),
        Problem::SeriesLength { usual } => format!("Liệu trình của vắc xin này có {usual} mũi."),
        Problem::ManufacturerOfOther { .. } => "Không phải nhà sản xuất của vắc xin này.".into(),
        Problem::ProphylaxisOfOther { .. } => "Vắc xin này thuộc loại khác.".into(),
        Problem::LotUnlikely => "Không giống số lô.".into(),
        Problem::LotNotDelivered => "Lô này không được giao cho cơ sở.".into(),
        Problem::SiteNotAllowed => "Bạn không báo cáo cho cơ sở này.".into(),
        Problem::RecoveryEarly => "Khỏi bệnh được tính trước ngày thứ mười một.".into(),
        Problem::RecoveryLong => "Khỏi bệnh được tính quá 180 ngày.".into(),
        Problem::PoolDisagrees { line } => {
            format!("Cùng ống mẫu nhưng dòng {line} có kết quả khác.")
        }
        Problem::PoolPositive => "Ống mẫu gộp dương tính.".into(),
        Problem::RowTwice { line } => format!("Người và sự kiện này đã có ở dòng {line}."),
        Problem::KeyTwice { line } => format!("Mã dòng đã dùng ở dòng {line}."),
    }
}

pub(super) fn remedy(finding: &Finding) -> String {
    let swap = |swapped: &Option<hcert::date::Date>| match swapped {
        Some(date) => format!("Có phải đảo ngày và tháng? Khi đó là {}.", day(*date)),
        None => "Sửa lại ngày.".into(),
    };
    match finding.problem() {
        Problem::Missing => "Điền vào.".into(),
        Problem::TooLong { limit, .. } => format!("Rút gọn còn {limit} ký tự."),
        Problem::ControlCharacter { .. } => "Gõ lại.".into(),
        Problem::Form(wanted) => format!("Ghi {}.", form(*wanted)),
        Problem::Date(_) => "Sửa lại ngày.".into(),
        Problem::TwoDigitYear => "Ghi năm đủ bốn chữ số.".into(),
        Problem::SwappedDate { perhaps } => format!("Ghi {}.", day(*perhaps)),
        Problem::TimeMissing => "Ghi ngày và giờ, ví dụ 20/12/2021 14:30.".into(),
        Problem::ScientificNumber => "Đặt định dạng cột là Text rồi nhập lại số.".into(),
        Problem::UnknownCode { perhaps } if perhaps.is_empty() => {
            "Chọn tên hoặc mã trong danh mục.".into()
        }
        Problem::UnknownCode { perhaps } => format!("Có thể là {}.", perhaps.join(", ")),
        Problem::InactiveCode => "Dùng mã hiện hành.".into(),
        Problem::NoTransliteration { .. } => {
            format!(
                "Ghi tên như trên hộ chiếu vào \"{}\" và \"{}\".",
                field(Field::PassportFamily),
                field(Field::PassportGiven)
            )
        }
        Problem::TwoKinds => "Tách thành hai dòng.".into(),
        Problem::NoEvent => "Điền sự kiện.".into(),
        Problem::BeforeOther { .. } => "Sửa một trong hai ngày.".into(),
        Problem::ZerosRestored | Problem::SerialDate { .. } => "Đối chiếu với giấy tờ.".into(),
        Problem::Future { swapped }
        | Problem::BeforeBirth { swapped }
        | Problem::BeforeDisease { swapped } => swap(swapped),
        Problem::BeforeProduct { .. } => "Kiểm tra ngày và vắc xin.".into(),
        Problem::Age { .. } => "Kiểm tra năm sinh.".into(),
        Problem::UnderAge { .. } => "Kiểm tra ngày sinh và vắc xin.".into(),
        Problem::CardBirthYear { .. } => "Đối chiếu số và ngày sinh với thẻ.".into(),
        Problem::CardSex { .. } => "Đối chiếu số và giới tính với thẻ.".into(),
        Problem::CardProvince { .. } => "Đối chiếu số với thẻ.".into(),
        Problem::CardNationality => "Kiểm tra quốc tịch hoặc dùng số hộ chiếu.".into(),
        Problem::CardOfChild { .. } => "Dùng thẻ của chính người này.".into(),
        Problem::NameDigit | Problem::NameCharacter { .. } => "Ghi họ tên như trên giấy tờ.".into(),
        Problem::NameOneWord => "Ghi đủ hoặc xác nhận là đủ.".into(),
        Problem::NameEncoding => "Gõ lại họ tên và lưu tệp dạng UTF-8.".into(),
        Problem::NameTyping {
            perhaps: Some(name),
        } => format!("Có thể là {name}."),
        Problem::NameTyping { perhaps: None } => "Gõ lại họ tên.".into(),
        Problem::NameSwapped => "Ghi họ trước, tên sau.".into(),
        Problem::NameSex { .. } => "Kiểm tra giới tính hoặc xác nhận.".into(),
        Problem::DoseTooSoon { .. } | Problem::DoseOrder { .. } => {
            "Kiểm tra ngày của cả hai mũi.".into()
        }
        Problem::DoseSameDay => "Kiểm tra ngày hoặc xóa một mũi.".into(),
        Problem::DoseRepeated { .. } => "Kiểm tra số mũi hoặc xóa một mũi.".into(),
        Problem::SeriesLength { .. } => "Kiểm tra tổng số mũi.".into(),
        Problem::ManufacturerOfOther { expected } | Problem::ProphylaxisOfOther { expected } => {
            format!("Để trống hoặc ghi {expected}.")
        }
        Problem::LotUnlikely => "Chép từ lọ hoặc hộp vắc xin.".into(),
        Problem::LotNotDelivered => "Đối chiếu với lọ, hoặc ghi nhận lần giao hàng.".into(),
        Problem::SiteNotAllowed => "Ghi mã cơ sở của bạn.".into(),
        Problem::RecoveryEarly | Problem::RecoveryLong => "Để trống ngày này hoặc xác nhận.".into(),
        Problem::PoolDisagrees { .. } => "Kiểm tra mã ống và kết quả.".into(),
        Problem::PoolPositive => "Xét nghiệm lại từng người và báo các kết quả đó.".into(),
        Problem::RowTwice { .. } => "Xóa một trong hai dòng.".into(),
        Problem::KeyTwice { .. } => "Mỗi dòng một mã riêng, hoặc để trống.".into(),
    }
}

fn day(date: hcert::date::Date) -> String {
    format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
}

pub(super) fn table(error: &TableError) -> String {
    match error {
        TableError::Empty => "Tệp rỗng. Chọn tệp có dữ liệu.".into(),
        TableError::TooManyBytes { limit } => {
            format!("Tệp lớn hơn {} MB. Chia nhỏ tệp.", limit >> 20)
        }
        TableError::Unpacked { limit } => {
            format!(
                "Nội dung tệp lớn hơn {} MB. Chỉ giữ trang có dữ liệu.",
                limit >> 20
            )
        }
        TableError::TooManyRows { limit } => format!("Bảng có hơn {limit} dòng. Chia nhỏ bảng."),
        TableError::TooManyColumns { line, limit } => {
            format!("Dòng {line} có hơn {limit} cột. Xóa các cột không cần.")
        }
        TableError::CellTooLong { line, .. } => {
            format!("Từ dòng {line} có văn bản không kết thúc. Tìm dấu ngoặc kép chưa đóng.")
        }
        TableError::OldExcel => {
            "Tệp của Excel trước 2007 hoặc có mật khẩu. Lưu lại dạng XLSX không mật khẩu.".into()
        }
        TableError::NotATable => "Tệp không phải bảng. Gửi tệp CSV hoặc XLSX.".into(),
        TableError::Damaged => "Tệp XLSX bị hỏng. Mở ra, lưu lại rồi gửi tệp mới.".into(),
        TableError::LegacyFont => {
            "Chữ dùng phông cũ (TCVN3, VNI). Chuyển tệp sang Unicode rồi gửi lại.".into()
        }
        TableError::NoHeader { searched } => {
            format!(
                "{searched} dòng đầu không có dòng tiêu đề. Dùng mẫu, hoặc đặt tên cột như mẫu."
            )
        }
        TableError::MissingColumns { fields } => {
            let names: Vec<&str> = fields.iter().map(|missing| field(*missing)).collect();
            format!("Thiếu cột. Thêm: {}.", names.join(", "))
        }
        TableError::ColumnTwice { first, second, .. } => {
            format!("Cột \"{first}\" và \"{second}\" trùng nhau. Xóa hoặc đổi tên một cột.")
        }
    }
}

pub(super) fn card(error: &CardError) -> String {
    match error {
        CardError::Empty => "Chưa quét được gì. Quét lại.".into(),
        CardError::TooLong => "Văn bản quá dài. Chỉ quét thẻ.".into(),
        CardError::Certificate => "Đây là giấy chứng nhận y tế. Quét thẻ căn cước hoặc thẻ BHYT.".into(),
        CardError::Link => "Đây là đường dẫn. Quét mã trên thẻ căn cước hoặc thẻ BHYT.".into(),
        CardError::NotACard => "Đây không phải thẻ căn cước hay thẻ BHYT. Quét mã vuông trên thẻ hoặc gõ các trường.".into(),
        CardError::Cut => "Mã quét bị cụt. Giữ yên thẻ và quét lại.".into(),
        CardError::TwoScans => "Hai thẻ dính vào nhau. Quét từng thẻ và đặt máy quét gửi Enter sau mỗi lần.".into(),
        CardError::Garbled => "Chữ bị đổi trên đường đi. Tắt bộ gõ tiếng Việt (Unikey) và Caps Lock, đặt máy quét gửi Unicode \
            rồi quét lại; hoặc gõ họ tên."
            .into(),
        CardError::Field { field: wrong, problem } => {
            let finding = Finding::new(*wrong, problem.clone());
            format!("{}: {} Quét lại hoặc gõ tay.", field(*wrong), what(&finding))
        }
    }
}

pub(super) fn mending(mending: &Mending) -> String {
    match mending {
        Mending::Keys(method) => {
            format!(
                "Máy quét gõ kiểu {}. Đặt máy quét gửi Unicode; họ tên đã được ghép lại.",
                method.name()
            )
        }
        Mending::InputMethodOn(method) => {
            format!(
                "Bộ gõ {} đã đổi văn bản. Tắt bộ gõ trước khi quét.",
                method.name()
            )
        }
        Mending::CapsLock => "Caps Lock đang bật. Tắt trước khi quét.".into(),
        Mending::Pipe(_) => {
            "Bàn phím không phải kiểu US. Đặt máy tính và máy quét cùng một kiểu.".into()
        }
        Mending::NoPipe => "Ký tự | không đến. Đặt máy quét theo bàn phím US.".into(),
        Mending::Layout(layout) => {
            let name = match layout {
                Layout::Vietnamese => "Việt",
                Layout::French => "Pháp",
                Layout::German => "Đức",
            };
            format!("Bàn phím đang là kiểu {name}. Đặt lại kiểu US.")
        }
        Mending::CodePage => {
            "Máy quét gửi UTF-8 nhưng bị đọc bằng bảng mã khác. Đặt máy quét gửi Unicode.".into()
        }
    }
}

pub(super) fn fhir(error: &FhirError) -> String {
    match error {
        FhirError::TooManyBytes { limit } => {
            format!("Tài liệu lớn hơn {} MB. Chia nhỏ.", limit >> 20)
        }
        FhirError::TooManyResources { limit } => {
            format!("Tài liệu có hơn {limit} tài nguyên. Chia nhỏ.")
        }
        FhirError::Json { line } => {
            format!("Dòng {line} không phải JSON. Kiểm tra cách tạo tài liệu.")
        }
        FhirError::NotFhir => {
            "Tài liệu không phải FHIR. Gửi Bundle, hoặc mỗi dòng một tài nguyên.".into()
        }
        FhirError::BundleType => {
            "Loại Bundle không dùng được. Gửi transaction, batch, collection hoặc document.".into()
        }
        FhirError::NothingToRead => {
            "Không có gì để đọc. Gửi Immunization hoặc Observation cùng Patient.".into()
        }
    }
}

pub(super) fn issue(what_is: &What) -> String {
    match what_is {
        What::Finding(finding) => format!(
            "{}: {} {}",
            field(finding.field()),
            what(finding),
            remedy(finding)
        ),
        What::Structure => "Phần tử không đúng dạng FHIR R4. Sửa lại.".into(),
        What::Reference => {
            "Bệnh nhân không có trong tài liệu. Gửi Patient trong cùng Bundle.".into()
        }
        What::SameId => "Hai tài nguyên trùng id. Mỗi tài nguyên một id riêng.".into(),
        What::Code { found } => format!(
            "Không biết mã này: {}. Thêm mã CVX, SNOMED CT, ICD-11 hoặc bộ mã EU.",
            found.join(", ")
        ),
        What::Status => "Trạng thái chưa phải đã hoàn tất. Gửi completed hoặc final.".into(),
        What::OtherObservation => "Quan sát này không phải xét nghiệm bệnh. Đã bỏ qua.".into(),
    }
}
