use super::*;
use crate::finding::Problem;

#[test]
fn names_of_fields_differ_and_are_read_as_columns() {
    for language in Language::ALL {
        let words = Words::new(language);
        let mut names: Vec<&str> = Field::ALL.iter().map(|field| words.field(*field)).collect();
        let cells = csv::StringRecord::from(names.clone());
        let header = crate::table::Header::of(1, &cells);
        for (column, field) in header.columns().iter().zip(Field::ALL) {
            assert_eq!(
                *column,
                crate::table::Column::Field(field),
                "{}",
                words.field(field)
            );
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Field::ALL.len());
    }
}

#[test]
fn what_is_so_and_what_to_do() {
    let finding = Finding::new(Field::Cccd, Problem::CardBirthYear { card: 1990 });
    for (language, what, remedy) in [
        (
            Language::Vietnamese,
            "Số CCCD cho biết năm sinh là 1990.",
            "Đối chiếu số và ngày sinh với thẻ.",
        ),
        (
            Language::English,
            "The number says the year of birth is 1990.",
            "Compare number and birth with the card.",
        ),
    ] {
        let words = Words::new(language);
        assert_eq!(
            (
                words.what(&finding).as_str(),
                words.remedy(&finding).as_str()
            ),
            (what, remedy)
        );
        assert!(words.card(&CardError::TwoScans).contains("Enter"));
        assert!(
            words
                .mending(&Mending::CapsLock)
                .to_lowercase()
                .contains("caps lock")
        );
        assert!(
            words
                .table(&TableError::MissingColumns {
                    fields: vec![Field::BirthDate]
                })
                .contains(words.field(Field::BirthDate))
        );
    }
}
