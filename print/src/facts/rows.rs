//! The facts as labelled rows, in the order of every sheet: who, what, when, where, by whom, until
//! when, number.

use super::dates::date_time;
use super::{EventFacts, Facts, Recovery, Test, Vaccination, Words, date, partial_date};

/// One fact with its label in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The label in Vietnamese.
    pub vi: &'static str,
    /// In English.
    pub en: &'static str,
    /// What it says.
    pub value: Words,
}

fn row(vi: &'static str, en: &'static str, value: Words) -> Row {
    Row { vi, en, value }
}

/// What the sheet is, in both languages.
pub(crate) fn title(event: &EventFacts) -> (&'static str, &'static str) {
    match event {
        EventFacts::Vaccination(_) => ("Giấy chứng nhận tiêm chủng", "Vaccination certificate"),
        EventFacts::Test(_) => ("Giấy chứng nhận xét nghiệm", "Test certificate"),
        EventFacts::Recovery(_) => ("Giấy chứng nhận khỏi bệnh", "Certificate of recovery"),
    }
}

/// All facts; the first two, name and date of birth, are always there.
pub(crate) fn rows(facts: &Facts) -> Vec<Row> {
    let mut rows = vec![
        row("Họ và tên", "Full name", Words::same(&facts.name)),
        row(
            "Ngày sinh",
            "Date of birth",
            partial_date(facts.date_of_birth),
        ),
    ];
    if let Some(nationality) = &facts.nationality {
        rows.push(row("Quốc tịch", "Nationality", nationality.clone()));
    }
    match &facts.event {
        EventFacts::Vaccination(event) => vaccination(event, &mut rows),
        EventFacts::Test(event) => test(event, &mut rows),
        EventFacts::Recovery(event) => recovery(event, &mut rows),
    }
    let place = match &facts.event {
        EventFacts::Vaccination(_) => ("Nơi tiêm", "Vaccinated at"),
        EventFacts::Test(_) => ("Nơi xét nghiệm", "Tested in"),
        EventFacts::Recovery(_) => ("Quốc gia xét nghiệm", "Country of test"),
    };
    if let Some(site) = &facts.site {
        // Not translated: it is what stands on the door.
        rows.push(row(place.0, place.1, Words::same(site)));
        rows.push(row("Quốc gia", "Country", facts.country.clone()));
    } else {
        rows.push(row(place.0, place.1, facts.country.clone()));
    }
    rows.push(row("Cơ quan cấp", "Issued by", facts.issuer.clone()));
    if let Some(expires) = facts.code_expires {
        rows.push(row(
            "Mã QR dùng đến hết",
            "QR code valid until",
            date(expires),
        ));
    }
    rows.push(row(
        "Mã chứng nhận",
        "Certificate number",
        Words::same(&facts.number),
    ));
    rows
}

fn vaccination(event: &Vaccination, rows: &mut Vec<Row>) {
    let Vaccination {
        dose_number,
        total_doses,
        ..
    } = event;
    rows.extend([
        row("Bệnh được phòng", "Disease", event.disease.clone()),
        row("Vắc xin", "Vaccine", event.vaccine.clone()),
        row("Tên sản phẩm", "Product", Words::same(&event.product)),
        row(
            "Nhà sản xuất",
            "Manufacturer",
            Words::same(&event.manufacturer),
        ),
        row(
            "Tổng số mũi đã tiêm",
            "Doses received",
            Words::same(event.doses_received.to_string()),
        ),
        row(
            "Mũi tiêm này",
            "This dose",
            Words::new(
                format!("mũi {dose_number}, liệu trình {total_doses} mũi"),
                format!("dose {dose_number}, series of {total_doses}"),
            ),
        ),
        row("Ngày tiêm", "Date of vaccination", date(event.date)),
    ]);
}

fn test(event: &Test, rows: &mut Vec<Row>) {
    rows.push(row("Bệnh", "Disease", event.disease.clone()));
    rows.push(row(
        "Loại xét nghiệm",
        "Type of test",
        event.test_type.clone(),
    ));
    if let Some(name) = &event.name {
        rows.push(row("Tên xét nghiệm", "Name of test", Words::same(name)));
    }
    rows.push(row("Kết quả", "Result", event.result.clone()));
    rows.push(row(
        "Lấy mẫu lúc",
        "Sample taken",
        date_time(&event.sample_taken),
    ));
    if let Some(centre) = &event.centre {
        rows.push(row(
            "Cơ sở xét nghiệm",
            "Testing centre",
            Words::same(centre),
        ));
    }
}

fn recovery(event: &Recovery, rows: &mut Vec<Row>) {
    rows.extend([
        row("Bệnh đã khỏi", "Recovered from", event.disease.clone()),
        row(
            "Ngày dương tính đầu tiên",
            "First positive test",
            date(event.first_positive),
        ),
        row("Có giá trị từ", "Valid from", date(event.valid_from)),
        row("Có giá trị đến hết", "Valid until", date(event.valid_until)),
    ]);
}
