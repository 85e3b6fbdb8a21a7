//! A record as the texts it can be read from again, as JSON: how an accepted row waits.

use std::collections::BTreeMap;

use intake::{
    draft::{Draft, Settings},
    field::Field,
    finding::Finding,
    record::Record,
};

/// The record as a JSON object, field by field; [`read`] makes the same record of it.
pub(super) fn write(record: &Record) -> String {
    let draft = Draft::of(record);
    let texts: BTreeMap<&str, &str> = Field::ALL
        .iter()
        .filter_map(|field| Some((field.id(), draft.get(*field)?)))
        .collect();
    // A map of texts is always JSON.
    serde_json::to_string(&texts).unwrap_or_default()
}

/// The fields of a stored row.
pub(super) fn fields(json: &str) -> Vec<(Field, String)> {
    let texts: BTreeMap<String, String> = serde_json::from_str(json).unwrap_or_default();
    texts
        .into_iter()
        .filter_map(|(field, text)| Some((Field::of(&field)?, text)))
        .collect()
}

/// The record of a stored row; or what is wrong, where the value sets have changed since.
pub(super) fn read(json: &str, settings: &Settings<'_>) -> Result<Record, Vec<Finding>> {
    let mut draft = Draft::default();
    for (field, text) in fields(json) {
        draft.set(field, text);
    }
    draft.read(settings).map(|read| read.record)
}

#[cfg(test)]
mod tests {
    use hcert::time::Timestamp;
    use intake::{
        codes::Catalogue,
        plausibility::Known,
        table::{self, Options},
        words::Language,
    };

    use super::*;

    #[test]
    fn the_same_record_again() {
        let catalogue = Catalogue::builtin();
        let settings = Settings::vietnam(&catalogue).unwrap();
        let now: Timestamp = "2022-06-15T03:00:00Z".parse().unwrap();
        let options = Options {
            settings: settings.clone(),
            known: Known::new(&catalogue, now),
            history: None,
            secret: &[0; 32],
            limits: table::Limits::DEFAULT,
        };
        let file = table::template_csv(Language::Vietnamese);
        let table = table::read(file.as_bytes(), &options).unwrap();
        assert_eq!(table.accepted().count(), 4);
        for (_, accepted) in table.accepted() {
            let written = write(&accepted.record);
            assert_eq!(read(&written, &settings).unwrap(), accepted.record);
            assert_eq!(write(&read(&written, &settings).unwrap()), written);
        }
        assert!(read("{}", &settings).is_err());
    }
}
