//! Words of the issuer for people: states, roles, kinds, and why something was not done.

use intake::words::{Language, Words};
use service::{language::Tongue, people::PeopleError};

use crate::{domain::Refusal, place::Level, roles::Role, store::PersonRow};

/// The words for fields and findings, in the language of the page.
pub(crate) fn intake(t: Tongue) -> Words {
    Words::new(match t.language() {
        service::language::Language::Vi => Language::Vietnamese,
        service::language::Language::En => Language::English,
    })
}

/// The state of a record, a certificate, a complaint, a tube, a job.
pub(crate) fn state(t: Tongue, word: &str) -> &'static str {
    match word {
        "recorded" => t.say("chờ cơ sở duyệt", "waits for approval"),
        "sent_back" => t.say("trả lại để sửa", "sent back"),
        "approved" => t.say("chờ chứng nhận", "waits for the authority"),
        "certified" => t.say("đã cấp chứng nhận", "certified"),
        "withdrawn" => t.say("đã rút lại", "withdrawn"),
        "replaced" => t.say("đã thay bằng bản sửa", "replaced by a correction"),
        "valid" => t.say("còn hiệu lực", "valid"),
        "held" => t.say(
            "bị giữ lại: hình mã không đọc được",
            "held: its picture can't be read",
        ),
        "revoked" => t.say("đã thu hồi", "revoked"),
        "open" => t.say("đang mở", "open"),
        "mended" => t.say("đã sửa", "mended"),
        "declined" => t.say("không sửa", "declined"),
        "negative" => t.say("âm tính", "negative"),
        "positive" => t.say("dương tính", "positive"),
        "spoiled" => t.say("mẫu hỏng", "spoiled"),
        _ => t.say("không rõ", "unknown"),
    }
}

/// The colour of a state: `green`, `amber`, `red` or none.
pub(crate) fn tone(word: &str) -> &'static str {
    match word {
        "certified" | "valid" | "mended" | "negative" => "green",
        "recorded" | "approved" | "open" | "positive" => "amber",
        "sent_back" | "held" | "revoked" | "spoiled" => "red",
        _ => "",
    }
}

/// A role.
pub(crate) fn role(t: Tongue, role: Role) -> &'static str {
    match role {
        Role::Clerk => t.say("nhân viên ghi nhận", "clerk"),
        Role::Officer => t.say("người duyệt của cơ sở", "officer"),
        Role::Authority => t.say("cơ quan chứng nhận", "authority"),
        Role::Administrator => t.say("quản trị", "administrator"),
        Role::Auditor => t.say("kiểm tra", "auditor"),
    }
}

/// Roles as the database has them.
pub(crate) fn roles(t: Tongue, text: &str) -> String {
    use service::roles::Role as _;
    let all = text.split(',').filter_map(|name| Role::of_name(name).ok());
    all.map(|one| role(t, one)).collect::<Vec<_>>().join(", ")
}

/// What a kind of event is called.
pub(crate) fn kind(t: Tongue, word: &str) -> &'static str {
    match word {
        "vaccination" => t.say("Tiêm chủng", "Vaccination"),
        "test" => t.say("Xét nghiệm", "Test"),
        "recovery" => t.say("Khỏi bệnh", "Recovery"),
        _ => t.say("Không rõ", "Unknown"),
    }
}

/// What kind of place.
pub(crate) fn level(t: Tongue, word: &str) -> &'static str {
    match Level::of(word) {
        Some(Level::Country) => t.say("cả nước", "country"),
        Some(Level::Province) => t.say("tỉnh, thành phố", "province"),
        Some(Level::District) => t.say("quận, huyện", "district"),
        Some(Level::Commune) => t.say("phường, xã", "commune"),
        Some(Level::Site) => t.say("cơ sở", "site"),
        None => t.say("không rõ", "unknown"),
    }
}

/// What an alarm is about, and what to do.
pub(crate) fn alarm(t: Tongue, kind: &str) -> (&'static str, &'static str) {
    match kind {
        "limit" => (
            t.say(
                "Vượt giới hạn: đã dừng cấp",
                "A limit was reached: issuing was refused",
            ),
            t.say(
                "Hỏi cơ sở xem có đợt tiêm lớn không.",
                "Ask the site whether there was a campaign.",
            ),
        ),
        "night" => (
            t.say("Cấp chứng nhận ban đêm", "Issued at night"),
            t.say("Hỏi ai đã làm việc đêm đó.", "Ask who worked that night."),
        ),
        "clerk_above" => (
            t.say(
                "Một nhân viên làm nhiều hơn hẳn những người khác",
                "One clerk far above the others",
            ),
            t.say(
                "Xem các hồ sơ người đó đã ghi.",
                "Look at what this clerk recorded.",
            ),
        ),
        "person_many" => (
            t.say(
                "Một người có nhiều chứng nhận",
                "Many certificates for one person",
            ),
            t.say(
                "Xem có ghi trùng hay cho mượn tên không.",
                "Look for repeats, or a borrowed name.",
            ),
        ),
        "client_burst" => (
            t.say("Một chương trình gửi dồn dập", "A burst from one program"),
            t.say(
                "Hỏi đơn vị dùng chương trình; nếu lạ thì khóa lại.",
                "Ask who runs it; disable it if nobody knows.",
            ),
        ),
        "not_verified" => (
            t.say(
                "Chứng nhận vừa ký không tự kiểm được",
                "A certificate failed its own verification",
            ),
            t.say(
                "Chưa ai nhận được. Báo người vận hành.",
                "Nobody got it. Tell the operator.",
            ),
        ),
        "not_readable" => (
            t.say(
                "Hình mã không đọc lại được",
                "A code could not be read back",
            ),
            t.say(
                "Chưa ai nhận được. Báo người vận hành.",
                "Nobody got it. Tell the operator.",
            ),
        ),
        "trust_list" => (
            t.say(
                "Không báo được cho danh sách tin cậy",
                "The trust list can't be told",
            ),
            t.say(
                "Kiểm tra đường mạng và khóa của chương trình.",
                "Look at the network and the program's key.",
            ),
        ),
        "key_due" => (
            t.say("Một khóa ký sắp hết hạn", "A signing key ends soon"),
            t.say(
                "Tạo khóa kế tiếp: xem trang Khóa.",
                "Make its successor: see the page Keys.",
            ),
        ),
        _ => (t.say("Cảnh báo khác", "Another alarm"), ""),
    }
}

/// What was done, as the audit log has it.
pub(crate) fn action(t: Tongue, action: &str) -> String {
    let said = match action {
        "record.add" => t.say("ghi nhận", "recorded"),
        "record.approve" => t.say("cơ sở duyệt", "approved"),
        "record.send_back" => t.say("trả lại", "sent back"),
        "record.amend" => t.say("sửa và ghi lại", "amended"),
        "record.withdraw" => t.say("rút lại", "withdrawn"),
        "record.correct" => t.say("đính chính", "corrected"),
        "certificate.issue" => t.say("cấp chứng nhận", "certified"),
        "certificate.renew" => t.say("cấp lại", "renewed"),
        "certificate.revoke" => t.say("thu hồi", "revoked"),
        "certificate.print" => t.say("in", "printed"),
        "certificate.hold" => t.say("giữ lại", "held"),
        "claim.new" => t.say("tạo mã nhận", "made a claim code"),
        "claim.use" => t.say("người dân nhận chứng nhận", "fetched by the citizen"),
        "complaint.new" => t.say("người dân phản ánh", "a citizen complained"),
        "complaint.answer" => t.say("trả lời phản ánh", "answered a complaint"),
        "tube.open" => t.say("mở ống mẫu", "opened a tube"),
        "tube.add" => t.say("thêm người vào ống", "added somebody to a tube"),
        "tube.read" => t.say("ghi kết quả ống", "entered a tube's result"),
        "lot.deliver" => t.say("ghi lô đã giao", "noted a delivery"),
        "place.add" => t.say("thêm địa điểm", "added a place"),
        "place.change" => t.say("đổi địa điểm", "changed a place"),
        "user.add" => t.say("thêm nhân viên", "added somebody"),
        "user.change" => t.say("đổi tài khoản", "changed an account"),
        "user.password" => t.say("đổi mật khẩu", "changed the password"),
        "client.add" => t.say("thêm chương trình", "added a program"),
        "client.disable" => t.say("khóa chương trình", "disabled a program"),
        "document.load" => t.say("tải danh mục", "loaded a value set"),
        "alarm.see" => t.say("xem cảnh báo", "looked at an alarm"),
        _ => return action.to_owned(),
    };
    format!("{said} ({action})")
}

/// Who: `user:lan` reads as the name alone.
pub(crate) fn who(t: Tongue, name: &str) -> &str {
    match name {
        "service" => t.say("máy chủ", "the service"),
        name => name.strip_prefix("user:").unwrap_or(name),
    }
}

/// The whole name, family name first.
pub(crate) fn name(person: &PersonRow) -> String {
    let name = format!("{} {}", person.family, person.given);
    name.trim().to_owned()
}

/// The documents of a person, the strongest first.
pub(crate) fn documents(t: Tongue, person: &PersonRow) -> Vec<(&'static str, String)> {
    let all = [
        (t.say("CCCD", "Citizen card"), &person.cccd),
        (t.say("CMND", "Old identity card"), &person.cmnd),
        (t.say("Hộ chiếu", "Passport"), &person.passport),
        (t.say("BHYT", "Health insurance"), &person.bhyt),
    ];
    all.into_iter()
        .filter_map(|(name, number)| Some((name, number.clone()?)))
        .collect()
}

/// Why something was not done, as sentences: what is so, and what to do.
pub(crate) fn refusal(t: Tongue, refusal: &Refusal) -> String {
    use Refusal as R;
    match refusal {
        R::NotFound(what) => {
            let what = match *what {
                "record" => t.say("hồ sơ", "record"),
                "certificate" => t.say("chứng nhận", "certificate"),
                "person" => t.say("người", "person"),
                "place" | "site" => t.say("địa điểm", "place"),
                "account" | "user" => t.say("tài khoản", "account"),
                "tube" => t.say("ống mẫu", "tube"),
                "job" => t.say("đợt cấp", "job"),
                _ => t.say("mục", "thing"),
            };
            match t.language() {
                service::language::Language::Vi => format!(
                    "Không tìm thấy {what} này ở nơi bạn được xem. Kiểm tra lại số, hoặc hỏi cơ sở đã ghi nhận."
                ),
                service::language::Language::En => format!(
                    "There is no such {what} where you may look. Check the number, or ask the site that recorded it."
                ),
            }
        }
        R::Findings(findings) => {
            let words = intake(t);
            let said = findings.iter().map(|finding| {
                let field = words.field(finding.field());
                format!("{field}: {} {}", words.what(finding), words.remedy(finding))
            });
            said.collect::<Vec<_>>().join("\n")
        }
        R::Recorded { .. } => t
            .say(
                "Sự kiện này của người này đã được ghi nhận. Xem hồ sơ đã có; không cần ghi lại.",
                "This event of this person is recorded already. Look at that record; there is nothing to do.",
            )
            .into(),
        R::State { why, .. } => because(t, why),
        R::Changed => t
            .say(
                "Hồ sơ đã được người khác sửa sau khi bạn mở. Mở lại và xem trước khi làm tiếp.",
                "Somebody changed it after you opened it. Open it again and look before you go on.",
            )
            .into(),
        R::Count { hits, .. } => match t.language() {
            service::language::Language::Vi => format!(
                "Con số bạn gõ không khớp: việc này chạm đến {} chứng nhận. Chưa có gì thay đổi; xem lại.",
                t.number(hits)
            ),
            service::language::Language::En => format!(
                "The number you typed does not match: this touches {} certificates. Nothing was changed; look again.",
                t.number(hits)
            ),
        },
        R::Limit { limit, .. } => match t.language() {
            service::language::Language::Vi => format!(
                "Đã đến giới hạn {} chứng nhận. Chưa cấp thêm; cơ quan chứng nhận đã được báo. Thử lại sau, hoặc gọi cơ quan chứng nhận.",
                t.number(limit)
            ),
            service::language::Language::En => format!(
                "The limit of {} certificates is reached. Nothing more was issued; the authority has been told. Try later, or call the authority.",
                t.number(limit)
            ),
        },
        R::Role(_) => t
            .say(
                "Vai trò của bạn không được làm việc này. Hỏi người quản trị nếu việc này là của bạn.",
                "Your role may not do this. Ask the administrator if it is your work.",
            )
            .into(),
        R::Exists(what) => match t.language() {
            service::language::Language::Vi => format!("“{what}” đã có rồi. Chọn tên hoặc mã khác."),
            service::language::Language::En => format!("“{what}” is there already. Choose another."),
        },
        R::Wait(seconds) => {
            let span = t.span(seconds);
            match t.language() {
                service::language::Language::Vi => format!("Sai quá nhiều lần. Đợi {span} rồi thử lại."),
                service::language::Language::En => format!("Too many wrong attempts. Wait {span} and try again."),
            }
        }
        R::OtherContent => t
            .say(
                "Biểu mẫu này đã được gửi với nội dung khác. Mở lại biểu mẫu rồi gửi lần nữa.",
                "This form was sent before with another content. Open the form again and send it anew.",
            )
            .into(),
        R::Certify(_) => t
            .say(
                "Chưa ký được chứng nhận: khóa ký không dùng được lúc này. Hồ sơ vẫn còn nguyên. Báo người vận hành và thử lại sau.",
                "The certificate could not be signed: no key can sign it at present. The record is safe. Tell the operator and try again later.",
            )
            .into(),
        R::Print(_) => t
            .say(
                "Chưa in được tờ này. Chứng nhận vẫn còn nguyên. Thử lại; nếu vẫn lỗi, báo người vận hành.",
                "The sheet could not be made. The certificate is safe. Try again; if it fails again, tell the operator.",
            )
            .into(),
        R::People(PeopleError::Exists(name)) => match t.language() {
            service::language::Language::Vi => format!("Tên “{name}” đã có người dùng. Chọn tên khác."),
            service::language::Language::En => format!("The name “{name}” is in use. Choose another."),
        },
        R::Asked(why) | R::People(PeopleError::Asked(why)) => asked(t, why),
        R::Store(_) | R::People(_) => t
            .say(
                "Không kết nối được cơ sở dữ liệu. Chưa có gì thay đổi; thử lại sau giây lát.",
                "The database is not reachable. Nothing was changed; try again in a moment.",
            )
            .into(),
        R::Random(_) => t
            .say(
                "Máy chủ chưa làm được việc này. Chưa có gì thay đổi; báo người vận hành.",
                "The server could not do this. Nothing was changed; tell the operator.",
            )
            .into(),
    }
}

/// What the domain says in English, in the language of the page where it is known.
fn asked(t: Tongue, why: &str) -> String {
    if t.language() == service::language::Language::En {
        let mut said = why.to_owned();
        if let Some(first) = said.get(..1).map(str::to_uppercase) {
            said.replace_range(..1, &first);
        }
        return said;
    }
    ASKED
        .iter()
        .find(|(english, _)| why.contains(english))
        .map_or_else(
            || "Thông tin gửi lên chưa đúng. Xem lại các ô đã điền rồi gửi lại.".to_owned(),
            |(_, said)| (*said).to_owned(),
        )
}

/// Why something can't be done in its state.
fn because(t: Tongue, why: &str) -> String {
    let said = STATES.iter().find(|(english, _)| why.contains(english));
    match (t.language(), said) {
        (service::language::Language::Vi, Some((_, said))) => (*said).to_owned(),
        (service::language::Language::Vi, None) => {
            "Không làm được ở trạng thái hiện tại. Mở lại để xem rồi làm tiếp.".to_owned()
        }
        (service::language::Language::En, _) => {
            format!("This can't be done as it is now: {why}.")
        }
    }
}

/// What the domain says of states, and the same in Vietnamese.
const STATES: &[(&str, &str)] = &[
    (
        "a certificate has this person's data",
        "Người này đã có chứng nhận với dữ liệu cũ: hãy đính chính chứng nhận đó.",
    ),
    (
        "would not be good for longer",
        "Chứng nhận mới cũng không có giá trị lâu hơn: chưa cần cấp lại.",
    ),
    (
        "has to give the site one",
        "Cơ sở chưa có khóa ký: quản trị phải tạo khóa cho cơ sở trước.",
    ),
    (
        "another one took it a step further",
        "Người khác đã xử lý hồ sơ này trước bạn: mở lại để xem.",
    ),
    (
        "has a public_url",
        "Nơi này chưa mở việc người dân tự nhận chứng nhận, nên không có mã nhận.",
    ),
    ("too early to renew", "Còn quá sớm để cấp lại."),
    ("answered before", "Phản ánh này đã được trả lời."),
    (
        "personal data was removed",
        "Dữ liệu cá nhân đã bị xóa theo thời hạn, không còn gì để in.",
    ),
    (
        "is not what the site approved",
        "Nội dung không còn đúng với bản cơ sở đã duyệt. Cơ quan chứng nhận đã được báo.",
    ),
    (
        "its record was replaced",
        "Hồ sơ đã có bản thay thế: hãy cấp lại chứng nhận mới nhất.",
    ),
    (
        "its result is known",
        "Ống này đã có kết quả: lấy mẫu khác vào ống khác.",
    ),
    (
        "make somebody else one first",
        "Phải có một quản trị khác trước đã.",
    ),
    (
        "nothing new is recorded at this site",
        "Cơ sở đã đóng: không ghi gì mới ở đây.",
    ),
    (
        "only a valid certificate",
        "Chỉ chứng nhận còn hiệu lực mới nhận được.",
    ),
    (
        "the person's data has changed since",
        "Dữ liệu của người này đã đổi sau đó: hãy đính chính chứng nhận.",
    ),
    (
        "was changed behind",
        "Nội dung không còn đúng với bản cơ sở đã duyệt. Cơ quan chứng nhận đã được báo.",
    ),
];

/// Parts of what the domain says, and the same in Vietnamese.
const ASKED: &[(&str, &str)] = &[
    (
        "belong to a site",
        "Nhân viên ghi nhận và người duyệt thuộc về một cơ sở: ghi mã của cơ sở, ví dụ VN/79/26734/BN1.",
    ),
    (
        "lots are delivered to sites",
        "Lô vắc xin được giao cho cơ sở: chọn một cơ sở.",
    ),
    (
        "expired before it was delivered",
        "Lô hết hạn trước ngày giao: xem lại hai ngày.",
    ),
    (
        "the lot is 3 to 20",
        "Số lô gồm 3 đến 20 chữ, số, - . và /, như in trên lọ.",
    ),
    ("number of doses can't be", "Số liều chưa đúng."),
    (
        "product is not known",
        "Không biết vắc xin này: chọn trong danh sách.",
    ),
    (
        "is decided above it",
        "Việc một cơ sở làm mọi bước một lần do cấp trên quyết định.",
    ),
    (
        "the file could not be read",
        "Không đọc được tệp: gửi tệp CSV hoặc XLSX.",
    ),
    ("no text in UTF-8", "Tệp không phải văn bản UTF-8."),
    (
        "whole country can't be disabled",
        "Không đóng cả nước được.",
    ),
    ("at least one role", "Chọn ít nhất một vai trò."),
    (
        "a name is 1 to 64",
        "Tên đăng nhập gồm 1 đến 64 chữ thường không dấu, chữ số và - _ . @, ví dụ lan.nguyen.",
    ),
    ("old password is not", "Mật khẩu hiện tại chưa đúng."),
    (
        "is the old one",
        "Mật khẩu mới trùng mật khẩu cũ: chọn mật khẩu khác.",
    ),
    (
        "password",
        "Mật khẩu chưa đúng hoặc quá ngắn: ít nhất 12 ký tự, ba bốn từ là tốt.",
    ),
    (
        "this is no place",
        "Mã địa điểm chưa đúng: viết các mã từ cấp nước trở xuống, ví dụ VN/79/26734/BN1.",
    ),
    (
        "nothing in it differs",
        "Chưa có gì khác với chứng nhận. Sửa chỗ sai rồi đi tiếp.",
    ),
    (
        "give a number, a name or a birth date",
        "Gõ số giấy tờ, họ tên hoặc ngày sinh.",
    ),
    ("what it was", "Ghi vài từ: đó là gì."),
    (
        "can't lie in",
        "Cấp này không nằm trong địa điểm đó được: chọn cấp khác.",
    ),
    ("has no letters", "Tên chưa có chữ nào."),
    ("reason", "Ghi lý do bằng vài từ để người khác hiểu."),
    ("number", "Số chưa đúng. Xem lại rồi gõ lại."),
];
