//! What kind of file it is, told by its content.

/// The kinds of files that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Separated text.
    Csv,
    /// A workbook of Excel.
    Xlsx,
    /// FHIR R4: a Bundle or lines of resources.
    Fhir,
}

impl Form {
    /// By the first bytes; names and media types lie too often.
    pub fn of(bytes: &[u8]) -> Form {
        if bytes.starts_with(b"PK\x03\x04") {
            return Form::Xlsx;
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{' | b'[') => Form::Fhir,
            _ => Form::Csv,
        }
    }

    /// The word in the database and the API.
    pub const fn name(self) -> &'static str {
        match self {
            Form::Csv => "csv",
            Form::Xlsx => "xlsx",
            Form::Fhir => "fhir",
        }
    }
}

/// Media type and ending of the report of a job, by the word of its form.
pub fn report_type(form: &str) -> (&'static str, &'static str) {
    match form {
        "fhir" => ("application/fhir+json", "json"),
        _ => ("text/csv; charset=utf-8", "csv"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn told_by_content() {
        for (bytes, form) in [
            (b"PK\x03\x04rest".as_slice(), Form::Xlsx),
            (b"\xef\xbb\xbf\n {\"resourceType\"", Form::Fhir),
            (b"[", Form::Fhir),
            (b"", Form::Csv),
            ("Họ tên;".as_bytes(), Form::Csv),
        ] {
            assert_eq!(Form::of(bytes), form);
        }
    }
}
