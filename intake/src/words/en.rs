//! English.

use hcert::date::DateError;

use crate::{
    card::{CardError, Layout, Mending},
    fhir::{FhirError, What},
    field::Field,
    finding::{Finding, Form, Problem},
    record::Sex,
    table::TableError,
};

pub(super) const MARKS_LOST: &str = "The reader dropped the Vietnamese letters. Complete the name by hand, and set the reader \
    to send Unicode.";

pub(super) const TEMPLATE: [&str; 9] = [
    "One row is one person and one event: a vaccination, a test or a recovery. Leave the columns of the others empty, or delete them.",
    "Columns may stand in any order. Columns that are not known are kept and not read.",
    "Dates: 26/02/1998, day first. Of a birth, 02/1998 or 1998 is enough where no more is known.",
    "Times of samples: 20/12/2021 14:30.",
    "Numbers of documents are text: set the columns to the format Text before typing, so that no zero is lost.",
    "Dose: 2/2, or 2. A booster after two doses is 3/3, after one dose or a recovery 2/1.",
    "Kind of vaccine and manufacturer may be empty where the product is known.",
    "People whose samples share a tube have the same tube number.",
    "The key may be empty. Who has one of their own puts it there: the same key is never made twice.",
];

pub(super) fn field(field: Field) -> &'static str {
    match field {
        Field::Key => "Row key",
        Field::FullName => "Patient name",
        Field::FamilyName => "Family name",
        Field::GivenNames => "Given names",
        Field::PassportFamily => "Passport family name",
        Field::PassportGiven => "Passport given names",
        Field::BirthDate => "Date of birth",
        Field::Sex => "Sex",
        Field::Nationality => "Nationality",
        Field::Identity => "Identity document",
        Field::Cccd => "Citizen ID",
        Field::Cmnd => "CMND",
        Field::Passport => "Passport",
        Field::Bhyt => "Health insurance",
        Field::Kind => "Event type",
        Field::Disease => "Disease",
        Field::Prophylaxis => "Vaccine type",
        Field::Product => "Vaccine",
        Field::Manufacturer => "Manufacturer",
        Field::Lot => "Lot",
        Field::Dose => "Dose",
        Field::TotalDoses => "Total doses",
        Field::Date => "Vaccination date",
        Field::Site => "Site code",
        Field::GivenBy => "Given by",
        Field::Country => "Country",
        Field::TestType => "Test type",
        Field::TestName => "Test name",
        Field::TestDevice => "Test device",
        Field::SampledAt => "Sample time",
        Field::Result => "Result",
        Field::Tube => "Tube ID",
        Field::FirstPositive => "First positive test",
        Field::ValidFrom => "Valid from",
        Field::ValidUntil => "Valid until",
    }
}

fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "male",
        Sex::Female => "female",
        Sex::Other => "other",
    }
}

fn form(form: Form) -> &'static str {
    match form {
        Form::Cccd => "12 digits, as on the citizen card",
        Form::Cmnd => "9 digits",
        Form::Passport => "5 to 15 letters and digits",
        Form::Bhyt => "15 characters (DN4790123456789) or 10 digits",
        Form::Identity => "12 digits (citizen card), 9 digits (old card) or a passport number",
        Form::Date => "day/month/year, 26/02/1998",
        Form::DateTime => "day and time, 20/12/2021 14:30",
        Form::Sex => "Nam or Nữ (male or female)",
        Form::Dose => "the dose and the doses of the series, 2/2",
        Form::Lot => "3 to 20 letters, digits, hyphens, dots and slashes",
        Form::Site => "the code of the site, 2 to 32 letters and digits",
        Form::Tube => "3 to 40 letters and digits",
        Form::PassportName => "the letters A to Z, as in the passport",
        Form::Key => "at most 64 characters without spaces",
        Form::Kind => "vaccination, test or recovery",
    }
}

pub(super) fn what(finding: &Finding) -> String {
    match finding.problem() {
        Problem::Missing => "It is missing.".into(),
        Problem::TooLong { length, .. } => format!("It has {length} characters."),
        Problem::ControlCharacter { found } => {
            format!(
                "It holds an invisible character (U+{:04X}).",
                u32::from(*found)
            )
        }
        Problem::Form(_) => "It can't be read.".into(),
        Problem::Date(error) => match error {
            DateError::Year { year } => format!("The year {year} can't be."),
            DateError::Month { month } => format!("There is no month {month}."),
            DateError::Day { day } => format!("The month has no day {day}."),
            DateError::Time => "There is no such time of day.".into(),
            _ => "It is no date.".into(),
        },
        Problem::TwoDigitYear => "The year has two digits only.".into(),
        Problem::SwappedDate { .. } => "Day and month are swapped.".into(),
        Problem::TimeMissing => "The time of day is missing.".into(),
        Problem::ScientificNumber => {
            "The spreadsheet shortened the number, digits are lost.".into()
        }
        Problem::UnknownCode { .. } => "It is not in the list.".into(),
        Problem::InactiveCode => "It is no longer in use.".into(),
        Problem::NoTransliteration { letter } => {
            format!("No passport spelling can be made, there is no rule for the letter {letter}.")
        }
        Problem::TwoKinds => "The row reports two kinds of event.".into(),
        Problem::NoEvent => "There is no vaccination, test or recovery.".into(),
        Problem::BeforeOther { other } => format!("It lies before \"{}\".", field(*other)),
        Problem::ZerosRestored => "Zeros at the start were lost, and put back.".into(),
        Problem::SerialDate { read } => format!("The spreadsheet's number was read as {read}."),
        Problem::Future { .. } => "It lies in the future.".into(),
        Problem::BeforeBirth { .. } => "It lies before the birth.".into(),
        Problem::BeforeDisease { .. } => "The disease was not known then.".into(),
        Problem::BeforeProduct { first } => format!("The vaccine was not in use before {first}."),
        Problem::Age { years } => format!("The person would be {years} years old."),
        Problem::UnderAge { minimum } => format!("The vaccine is for people from {minimum} years."),
        Problem::CardBirthYear { card } => format!("The number says the year of birth is {card}."),
        Problem::CardSex { card } => format!("The number says the sex is {}.", sex(*card)),
        Problem::CardProvince { code } => format!("No province has the code {code:03}."),
        Problem::CardNationality => "Foreigners have no citizen number.".into(),
        Problem::CardOfChild { years } => format!("It is a child's card, the person is {years}."),
        Problem::NameDigit => "The name holds a digit.".into(),
        Problem::NameCharacter { found } => format!("The name holds the character {found}."),
        Problem::NameOneWord => "The name is one word only.".into(),
        Problem::NameEncoding => "Letters were damaged when the text was converted.".into(),
        Problem::NameTyping { .. } => {
            "The name was typed with the input method switched off.".into()
        }
        Problem::NameSwapped => "Family and given names seem to be swapped.".into(),
        Problem::NameSex { word } => format!("The middle name {word} is of the other sex."),
        Problem::DoseTooSoon { days, minimum } => {
            format!("The dose came {days} days after the one before, {minimum} are the least.")
        }
        Problem::DoseSameDay => "Another dose is reported for the same day.".into(),
        Problem::DoseRepeated { date } => format!("The dose is reported already, for {date}."),
        Problem::DoseOrder { number } => {
            format!("Dose {number} does not lie on the right side of it.")
        }
        Problem::SeriesLength { usual } => format!("The vaccine's series has {usual} doses."),
        Problem::ManufacturerOfOther { .. } => "It is not the manufacturer of this vaccine.".into(),
        Problem::ProphylaxisOfOther { .. } => "The vaccine is of another kind.".into(),
        Problem::LotUnlikely => "It does not look like a lot number.".into(),
        Problem::LotNotDelivered => "The lot was not delivered to this site.".into(),
        Problem::SiteNotAllowed => "You don't report for this site.".into(),
        Problem::RecoveryEarly => "The recovery counts before the eleventh day.".into(),
        Problem::RecoveryLong => "The recovery counts for more than 180 days.".into(),
        Problem::PoolDisagrees { line } => {
            format!("The same tube has another result on line {line}.")
        }
        Problem::PoolPositive => "The pooled tube is positive.".into(),
        Problem::RowTwice { line } => format!("The same person and event stand on line {line}."),
        Problem::KeyTwice { line } => format!("The key is used on line {line}."),
    }
}

pub(super) fn remedy(finding: &Finding) -> String {
    let swap = |swapped: &Option<hcert::date::Date>| match swapped {
        Some(date) => format!("Were day and month swapped? Then it is {}.", day(*date)),
        None => "Correct the date.".into(),
    };
    match finding.problem() {
        Problem::Missing => "Fill it in.".into(),
        Problem::TooLong { limit, .. } => format!("Shorten it to {limit}."),
        Problem::ControlCharacter { .. } => "Type it anew.".into(),
        Problem::Form(wanted) => format!("Write {}.", form(*wanted)),
        Problem::Date(_) => "Correct the date.".into(),
        Problem::TwoDigitYear => "Write the year with four digits.".into(),
        Problem::SwappedDate { perhaps } => format!("Write {}.", day(*perhaps)),
        Problem::TimeMissing => "Write day and time, 20/12/2021 14:30.".into(),
        Problem::ScientificNumber => {
            "Set the column to the format Text and type the number again.".into()
        }
        Problem::UnknownCode { perhaps } if perhaps.is_empty() => {
            "Take a name or code from the list.".into()
        }
        Problem::UnknownCode { perhaps } => format!("Perhaps {}.", perhaps.join(", ")),
        Problem::InactiveCode => "Take the present code.".into(),
        Problem::NoTransliteration { .. } => {
            format!(
                "Write the passport's spelling into \"{}\" and \"{}\".",
                field(Field::PassportFamily),
                field(Field::PassportGiven)
            )
        }
        Problem::TwoKinds => "Make two rows of it.".into(),
        Problem::NoEvent => "Fill in the event.".into(),
        Problem::BeforeOther { .. } => "Correct one of the dates.".into(),
        Problem::ZerosRestored | Problem::SerialDate { .. } => {
            "Compare it with the document.".into()
        }
        Problem::Future { swapped }
        | Problem::BeforeBirth { swapped }
        | Problem::BeforeDisease { swapped } => swap(swapped),
        Problem::BeforeProduct { .. } => "Check date and vaccine.".into(),
        Problem::Age { .. } => "Check the year of birth.".into(),
        Problem::UnderAge { .. } => "Check the birth and the vaccine.".into(),
        Problem::CardBirthYear { .. } => "Compare number and birth with the card.".into(),
        Problem::CardSex { .. } => "Compare number and sex with the card.".into(),
        Problem::CardProvince { .. } => "Compare the number with the card.".into(),
        Problem::CardNationality => "Check the nationality, or take the passport's number.".into(),
        Problem::CardOfChild { .. } => "Take the person's own card.".into(),
        Problem::NameDigit | Problem::NameCharacter { .. } => {
            "Write the name as on the document.".into()
        }
        Problem::NameOneWord => "Complete it, or confirm that it is whole.".into(),
        Problem::NameEncoding => "Type the name anew, and save the file as UTF-8.".into(),
        Problem::NameTyping {
            perhaps: Some(name),
        } => format!("Perhaps {name}."),
        Problem::NameTyping { perhaps: None } => "Type the name anew.".into(),
        Problem::NameSwapped => "Write the family name first.".into(),
        Problem::NameSex { .. } => "Check the sex, or confirm it.".into(),
        Problem::DoseTooSoon { .. } | Problem::DoseOrder { .. } => {
            "Check the dates of both doses.".into()
        }
        Problem::DoseSameDay => "Check the date, or delete one of them.".into(),
        Problem::DoseRepeated { .. } => {
            "Check the number of the dose, or delete one of them.".into()
        }
        Problem::SeriesLength { .. } => "Check the doses of the series.".into(),
        Problem::ManufacturerOfOther { expected } | Problem::ProphylaxisOfOther { expected } => {
            format!("Leave it empty, or write {expected}.")
        }
        Problem::LotUnlikely => "Copy it from the vial or the box.".into(),
        Problem::LotNotDelivered => {
            "Compare it with the vial, or have the delivery recorded.".into()
        }
        Problem::SiteNotAllowed => "Write your site's code.".into(),
        Problem::RecoveryEarly | Problem::RecoveryLong => {
            "Leave the day empty, or confirm it.".into()
        }
        Problem::PoolDisagrees { .. } => "Check the tube numbers and results.".into(),
        Problem::PoolPositive => "Test each person alone and report those results.".into(),
        Problem::RowTwice { .. } => "Delete one of the rows.".into(),
        Problem::KeyTwice { .. } => "Give each row its own key, or leave it empty.".into(),
    }
}

fn day(date: hcert::date::Date) -> String {
    format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
}

pub(super) fn table(error: &TableError) -> String {
    match error {
        TableError::Empty => "The file is empty. Choose the file with the data.".into(),
        TableError::TooManyBytes { limit } => {
            format!("The file has more than {} MB. Split it.", limit >> 20)
        }
        TableError::Unpacked { limit } => {
            format!("The file has more than {} MB inside. Keep only the sheet with the data.", limit >> 20)
        }
        TableError::TooManyRows { limit } => format!("The table has more than {limit} rows. Split it."),
        TableError::TooManyColumns { line, limit } => {
            format!("Line {line} has more than {limit} columns. Delete those that are not needed.")
        }
        TableError::CellTooLong { line, .. } => {
            format!("From line {line} on, a text does not end. Look for a quotation mark that is not closed.")
        }
        TableError::OldExcel => {
            "The file is from an Excel of before 2007, or has a password. Save it as XLSX without a password.".into()
        }
        TableError::NotATable => "The file is no table. Send CSV or XLSX.".into(),
        TableError::Damaged => "The XLSX file is damaged. Open it, save it anew and send that.".into(),
        TableError::LegacyFont => {
            "The letters are those of an old font (TCVN3, VNI). Convert the file to Unicode and send that.".into()
        }
        TableError::NoHeader { searched } => {
            format!("The first {searched} rows have no header. Take the template, or name the columns as it does.")
        }
        TableError::MissingColumns { fields } => {
            let names: Vec<&str> = fields.iter().map(|missing| field(*missing)).collect();
            format!("Columns are missing. Add: {}.", names.join(", "))
        }
        TableError::ColumnTwice { first, second, .. } => {
            format!("The columns \"{first}\" and \"{second}\" are the same. Delete or rename one.")
        }
    }
}

pub(super) fn card(error: &CardError) -> String {
    match error {
        CardError::Empty => "Nothing was scanned. Scan again.".into(),
        CardError::TooLong => "The text is too long for a card. Scan only the card.".into(),
        CardError::Certificate => "This is a health certificate. Scan the citizen or health-insurance card.".into(),
        CardError::Link => "This is a link. Scan the code on the citizen or health-insurance card.".into(),
        CardError::NotACard => {
            "This is neither a citizen nor a health-insurance card. Scan the square code of the card, or type the fields.".into()
        }
        CardError::Cut => "The scan ends too soon. Hold the card still and scan again.".into(),
        CardError::TwoScans => {
            "Two cards came in one. Scan one card, and set the reader to send Enter after each.".into()
        }
        CardError::Garbled => "Letters were changed on the way. Switch off the Vietnamese input method (Unikey) and caps lock, \
            set the reader to Unicode, and scan again; or type the name."
            .into(),
        CardError::Field { field: wrong, problem } => {
            let finding = Finding::new(*wrong, problem.clone());
            format!("{}: {} Scan again, or type it.", field(*wrong), what(&finding))
        }
    }
}

pub(super) fn mending(mending: &Mending) -> String {
    match mending {
        Mending::Keys(method) => {
            format!("The reader types {}. Set it to Unicode; the name was put together again.", method.name())
        }
        Mending::InputMethodOn(method) => {
            format!("The input method {} changed the text. Switch it off before scanning.", method.name())
        }
        Mending::CapsLock => "Caps lock is on. Switch it off before scanning.".into(),
        Mending::Pipe(_) => "The keyboard layout is not US. Set computer and reader to the same layout.".into(),
        Mending::NoPipe => "The character | did not arrive. Set the reader to the US layout.".into(),
        Mending::Layout(layout) => {
            let name = match layout {
                Layout::Vietnamese => "Vietnamese",
                Layout::French => "French",
                Layout::German => "German",
            };
            format!("The keyboard layout is {name}. Set it to US.")
        }
        Mending::CodePage => "The reader sends UTF-8, and it was read as another code page. Set the reader to Unicode.".into(),
    }
}

pub(super) fn fhir(error: &FhirError) -> String {
    match error {
        FhirError::TooManyBytes { limit } => {
            format!("The document has more than {} MB. Split it.", limit >> 20)
        }
        FhirError::TooManyResources { limit } => {
            format!("The document has more than {limit} resources. Split it.")
        }
        FhirError::Json { line } => {
            format!("Line {line} is not JSON. Check how the document was made.")
        }
        FhirError::NotFhir => {
            "The document is no FHIR. Send a Bundle, or resources line by line.".into()
        }
        FhirError::BundleType => {
            "The Bundle is of another type. Send a transaction, batch, collection or document."
                .into()
        }
        FhirError::NothingToRead => {
            "There is nothing to read. Send Immunization or Observation with their Patient.".into()
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
        What::Structure => "The element does not have the form of FHIR R4. Correct it.".into(),
        What::Reference => {
            "The patient is not in the document. Send the Patient in the same Bundle.".into()
        }
        What::SameId => "Two resources have the same id. Give each its own.".into(),
        What::Code { found } => format!(
            "The code is not known: {}. Add a coding of CVX, SNOMED CT, ICD-11 or the EU value sets.",
            found.join(", ")
        ),
        What::Status => {
            "The status is not that of a finished event. Send completed, or final.".into()
        }
        What::OtherObservation => {
            "The observation is no test for the disease. It was left out.".into()
        }
    }
}
