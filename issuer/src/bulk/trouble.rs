//! Why a row failed, as the database keeps it: a word for programs, a text in each language for people.

use serde_json::{Value, json};
use service::language::{Language, Tongue};

use super::check::said;
use crate::domain::Refusal;

/// A refusal of one row.
pub(super) fn of(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Findings(findings) => said("findings", findings),
        Refusal::Limit { .. } => text(
            "limit",
            "Đã tới giới hạn số chứng nhận. Hãy chạy tiếp sau một giờ.",
            "A limit of certificates was reached. Let the job run on in an hour.",
        ),
        Refusal::Certify(_) => text(
            "certify",
            "Chưa ký được. Cơ quan cấp đã được báo; hãy chạy tiếp sau.",
            "It could not be signed. The authority has been told; let the job run on later.",
        ),
        other => {
            let english = other.to_string();
            json!({ "code": code(other), "vi": english, "en": english }).to_string()
        }
    }
}

fn text(code: &str, vi: &str, en: &str) -> String {
    json!({ "code": code, "vi": vi, "en": en }).to_string()
}

fn code(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Recorded { .. } => "recorded",
        Refusal::State { .. } => "state",
        Refusal::Changed => "changed",
        Refusal::Role(_) => "role",
        Refusal::NotFound(_) => "not_found",
        _ => "refused",
    }
}

/// What a stored problem says in a language, and its word.
pub(crate) fn read(stored: &str, language: Language) -> (String, String) {
    let value: Value = serde_json::from_str(stored).unwrap_or_default();
    let tongue = Tongue::new(language);
    let get = |key: &str| {
        value
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or(stored)
            .to_owned()
    };
    (get("code"), get(tongue.say("vi", "en")))
}
