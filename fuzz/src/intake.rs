//! What sites send: cards, tables and FHIR.

use std::sync::OnceLock;

use hcert::{time::Timestamp, uvci::Uvci};
use intake::{
    card,
    codes::Catalogue,
    draft::Settings,
    fhir,
    finding::any_error,
    plausibility::Known,
    record::{Issuer, Line, Record, to_dcc},
    table::{self, Options, Table},
    words::{Language, Words},
};

/// 2022-06-15T10:00:00+07:00, when everything is read.
const NOW: i64 = 1_655_262_000;

fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(Catalogue::builtin)
}

fn options() -> Options<'static> {
    Options {
        settings: Settings::vietnam(catalogue()).expect("VN is in the value set"),
        known: Known::new(catalogue(), Timestamp::saturating(NOW)),
        history: None,
        secret: &[7; 32],
        limits: table::Limits::DEFAULT,
    }
}

/// What was accepted can be issued.
fn issue(record: &Record) {
    let issuer = Issuer {
        name: Line::new("Bộ Y tế").expect("a line"),
    };
    let dcc = to_dcc(
        record,
        &issuer,
        Uvci::new("VN", "8A1F3C").expect("an identifier"),
    );
    assert_eq!(dcc.check(), [], "contradicts itself");
    assert_eq!(
        dcc.check_at(Timestamp::saturating(NOW)),
        [],
        "lies in the future"
    );
    assert_eq!(catalogue().sets().check(&dcc), [], "unknown codes");
    let again = hcert::dcc::Dcc::from_json(&dcc.to_json());
    assert_eq!(again.as_ref(), Ok(&dcc), "does not keep the schema");
}

fn look(table: &Table) -> (usize, usize) {
    for (_, accepted) in table.accepted() {
        assert!(!any_error(&accepted.warnings));
        issue(&accepted.record);
    }
    for (_, findings) in table.refused() {
        assert!(any_error(findings), "refused without an error");
    }
    (table.accepted().count(), table.refused().count())
}

/// A table, and the report of it, which says the same again. Workbooks are left to the ordinary
/// tests: the library that reads them panics on some, which is caught there and not here.
///
/// # Panics
/// If an accepted row can't be issued, a refused one has no error, or a row has another key when
/// its report is read.
pub fn tables(data: &[u8]) -> Option<(usize, usize)> {
    if data.starts_with(b"PK") {
        return None;
    }
    let table = match table::read(data, &options()) {
        Ok(table) => table,
        Err(error) => {
            for language in Language::ALL {
                assert!(!Words::new(language).table(&error).is_empty());
            }
            return None;
        }
    };
    let counts = look(&table);
    for language in Language::ALL {
        let report = table::report(&table, language);
        assert_eq!(report.is_empty(), counts.1 == 0);
    }
    Some(counts)
}

/// A scan of a card.
///
/// # Panics
/// If there is nothing to say of it.
pub fn cards(data: &[u8]) -> bool {
    let text = String::from_utf8_lossy(data);
    let words = Language::ALL.map(Words::new);
    match card::read(&text) {
        Ok(scan) => {
            for mending in &scan.mended {
                assert!(words.iter().all(|words| !words.mending(mending).is_empty()));
            }
            true
        }
        Err(error) => {
            assert!(words.iter().all(|words| !words.card(&error).is_empty()));
            false
        }
    }
}

/// A document of FHIR.
///
/// # Panics
/// If an accepted record can't be issued.
pub fn documents(data: &[u8]) -> Option<(usize, usize)> {
    let reading = fhir::read(data, &options(), &fhir::Limits::DEFAULT).ok()?;
    let mut accepted = 0;
    for item in &reading.items {
        match &item.outcome {
            Ok(record) => {
                issue(&record.record);
                accepted += 1;
            }
            Err(issues) => assert!(!issues.is_empty()),
        }
    }
    let outcome = reading.outcome(fhir::Wording(Language::Vietnamese));
    assert!(
        outcome["issue"]
            .as_array()
            .is_some_and(|issues| !issues.is_empty())
    );
    Some((accepted, reading.items.len() - accepted))
}

/// Runs a target by name; whether it was read.
pub fn run(target: &str, data: &[u8]) -> bool {
    match target {
        "intake_table" => tables(data).is_some(),
        "intake_card" => cards(data),
        "intake_fhir" => documents(data).is_some(),
        other => panic!("no target {other}"),
    }
}

/// The seeds: target, name, bytes. Each of them is read.
pub fn seeds() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let table = "Họ và tên;Ngày sinh;Giới tính;Số CCCD;Vắc xin;Mũi;Ngày tiêm;Số lô\r\n\
        Nguyễn Văn Đức;26/02/1998;Nam;079098000001;Pfizer;2;20/12/2021;FK0595\r\n\
        =1+1;1940;;1;Vero Cell;1/2;44550;\r\n";
    let wide: Vec<u8> = table.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let tests = "full_name,birth_date,test_type,test_name,sampled_at,result,tube,key\n\
        Le An,1990,PCR,Allplex,20/12/2021 14:30,negative,T-1,a\nLe Ba,02/1990,PCR,Allplex,14h30 20/12/2021,positive,T-1,b\n";
    let recoveries = "Family name\tGiven names\tDOB\tFirst positive test\nMüller\tJörg\t1990-01-01\t2022-03-01\n";
    let patient = r#"{"resourceType":"Patient","id":"p","name":[{"family":"Lê","given":["An"]}],"birthDate":"1990","identifier":[{"system":"x/cccd","value":"079090000001"}]}"#;
    let immunization = r#"{"resourceType":"Immunization","status":"completed","vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"208"}]},"patient":{"reference":"Patient/p"},"occurrenceDateTime":"2021-12-20","protocolApplied":[{"doseNumberPositiveInt":2}]}"#;
    let observation = r#"{"resourceType":"Observation","status":"final","code":{"coding":[{"code":"94500-6","display":"RNA"}]},"subject":{"reference":"Patient/p"},"effectiveDateTime":"2021-12-20T14:30:00+07:00","valueCodeableConcept":{"coding":[{"code":"260415000"}]}}"#;
    let bundle = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"fullUrl":"urn:x","resource":{patient}}},{{"resource":{immunization}}}]}}"#
    );
    let lines = format!("{patient}\n{immunization}\n{observation}\n");
    let cards: [(&str, &str); 6] = [
        (
            "citizen",
            "001090123456|012345678|NGUYỄN VĂN A|01011990|Nam|Phường Bến Nghé, Quận 1|15042021\r",
        ),
        (
            "telex",
            "079198000001||LEE THIJ HUOWNG|05031998|Nuwx|Xax Taan|10062022",
        ),
        (
            "vni",
            "079198000001||LE6 THI5 HUO7NG|05031998|Nu74|Xa4 Ta6n|10062022",
        ),
        (
            "viqr",
            "079198000001||LE^ THI. HU+O+NG|05031998|Nu+~|Xa~ Ta^n|10062022",
        ),
        (
            "insurance",
            "DN4790123456789|4e677579e1bb856e2056c4836e20c490e1bba963|1998|1|5175e1baad6e2031|79 - 034",
        ),
        (
            "keyboard",
            "đđăđ\u{323}đăâêô\u{300}\u{309}||LE VAN AN|đăđăă\u{323}\u{323}đ|Nam|Hoa Binh 2|ă\u{300}đôâđâă",
        ),
    ];
    let mut seeds = vec![
        ("intake_table", "vietnamese", table.as_bytes().to_vec()),
        ("intake_table", "utf16", wide),
        ("intake_table", "tests", tests.into()),
        ("intake_table", "recoveries", recoveries.into()),
        (
            "intake_table",
            "template",
            table::template_csv(Language::Vietnamese).into_bytes(),
        ),
        ("intake_fhir", "bundle", bundle.into_bytes()),
        ("intake_fhir", "lines", lines.into_bytes()),
        (
            "intake_fhir",
            "patient",
            patient.replace("Patient", "Immunization").into_bytes(),
        ),
    ];
    seeds.extend(cards.map(|(name, text)| ("intake_card", name, text.as_bytes().to_vec())));
    seeds
}
