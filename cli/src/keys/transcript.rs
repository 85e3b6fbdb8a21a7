//! The transcript of a ceremony: what was made when, by which command, who saw it.
//!
//! A line of JSON for each act. Each names the SHA-256 of the line before it, without its line
//! end, so that no line can be changed, taken out or put in unnoticed: the hash of the last one
//! stands for all, and it is what holder and witnesses sign by hand. Nothing secret is in it.

use std::path::Path;

use hcert::{
    time::Timestamp,
    x509::{
        Certificate,
        crl::{Reason, RevocationList},
    },
};
use serde_json::{Map, Value};

use super::{
    args::{Role, TranscriptArgs},
    fault::{ChainProblem, KeysFault},
    fingerprint, show,
};
use crate::{
    args::common::OutputFormat,
    context::Context,
    fault::Fault,
    files::{self, Output},
    verify::shown,
};

/// What the first entry names as the line before it.
const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What one command did.
pub(crate) struct Entry(Map<String, Value>);

impl Entry {
    /// Of this command, as it is typed.
    pub(crate) fn new(command: &str) -> Entry {
        Entry(Map::new()).with("command", command)
    }

    /// One fact.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Entry {
        self.0.insert(name.into(), value.into());
        self
    }

    /// What a key is for.
    pub(crate) fn role(self, role: Role) -> Entry {
        self.with("role", role.name())
    }

    /// A public key (DER SubjectPublicKeyInfo), by its hash.
    pub(crate) fn key(self, spki: &[u8]) -> Entry {
        self.with("key_sha256", fingerprint::hex(spki))
    }

    /// A certificate, and its key.
    pub(crate) fn certificate(self, certificate: &Certificate) -> Entry {
        self.key(&certificate.spki().unwrap_or_default())
            .with("certificate_sha256", fingerprint::hex(certificate.der()))
            .with("kid", certificate.kid().to_string())
            .with("name", certificate.subject())
            .with("country", certificate.country())
            .with("valid_from", certificate.not_before().to_string())
            .with("valid_until", certificate.not_after().to_string())
    }

    /// A revocation.
    pub(crate) fn revoked(self, from: Timestamp, reason: Reason) -> Entry {
        self.with("revoked_from", from.to_string())
            .with("reason", reason.name())
    }

    /// A revocation list.
    pub(crate) fn list(self, list: &RevocationList) -> Entry {
        self.with("crl_number", list.number())
            .with("crl_entries", list.entries().len())
    }

    /// When, which files, who saw it, which program.
    pub(super) fn witnessed(
        self,
        outputs: &[Output],
        witnesses: &[String],
        now: Timestamp,
    ) -> Entry {
        let files: Vec<Value> = outputs
            .iter()
            .map(|output| {
                let mut file = Map::new();
                file.insert("path".into(), files::shown(&output.path).into());
                // Not of what only its owner may read.
                if !output.private {
                    file.insert("sha256".into(), fingerprint::hex(&output.bytes).into());
                }
                file.into()
            })
            .collect();
        self.with("files", files)
            .with("witnesses", witnesses.to_vec())
            .with("time", now.to_string())
            .with("program", concat!("hcert ", env!("CARGO_PKG_VERSION")))
    }
}

/// The lines of a transcript whose chain holds.
pub(crate) struct Lines {
    text: String,
    entries: Vec<Map<String, Value>>,
}

/// A transcript that may not be there yet.
pub(crate) fn existing(path: &Path) -> Result<Lines, Fault> {
    if path.symlink_metadata().is_err() {
        return Ok(Lines {
            text: String::new(),
            entries: Vec::new(),
        });
    }
    read(path)
}

/// The transcript with one more entry.
pub(crate) fn with(lines: &Lines, entry: Entry) -> Vec<u8> {
    let mut object = Map::new();
    object.insert("entry".into(), (lines.entries.len() + 1).into());
    object.insert("previous".into(), lines.last_hash().into());
    object.extend(entry.0);
    format!("{}{}\n", lines.text, Value::from(object)).into_bytes()
}

impl Lines {
    /// The hash that stands for all entries.
    fn last_hash(&self) -> String {
        match self.text.lines().last() {
            Some(line) => fingerprint::hex(line.as_bytes()),
            None => NOTHING.into(),
        }
    }
}

fn read(path: &Path) -> Result<Lines, Fault> {
    let bytes = files::read_keys(path)?;
    let path = files::shown(path);
    let text = str::from_utf8(&bytes).map_err(|_| Fault::NotText { path: path.clone() })?;
    let wrong = |line, problem| KeysFault::Transcript {
        path: path.clone(),
        line,
        problem,
    };
    let mut entries = Vec::new();
    let mut previous = NOTHING.to_owned();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let Ok(Value::Object(entry)) = serde_json::from_str(line) else {
            return Err(wrong(number, ChainProblem::Unreadable).into());
        };
        if entry.get("entry").and_then(Value::as_u64) != u64::try_from(number).ok() {
            return Err(wrong(number, ChainProblem::Number).into());
        }
        if entry.get("previous").and_then(Value::as_str) != Some(&previous) {
            return Err(wrong(number, ChainProblem::Previous).into());
        }
        previous = fingerprint::hex(line.as_bytes());
        entries.push(entry);
    }
    if !text.is_empty() && !text.ends_with('\n') {
        return Err(wrong(entries.len(), ChainProblem::CutOff).into());
    }
    Ok(Lines {
        text: text.to_owned(),
        entries,
    })
}

/// Checks the chain and prints the entries, with the places to sign.
pub(crate) fn print(args: &TranscriptArgs, context: &Context) -> Result<(), Fault> {
    let lines = read(&args.file)?;
    if lines.entries.is_empty() {
        let path = files::shown(&args.file);
        return Err(KeysFault::EmptyTranscript { path }.into());
    }
    if args.format == OutputFormat::Json {
        let mut all = Map::new();
        all.insert("entries".into(), lines.entries.len().into());
        all.insert("last_sha256".into(), lines.last_hash().into());
        return files::print(format!("{}{}\n", lines.text, Value::from(all)).as_bytes());
    }
    let words = context.words();
    let ceremony = words.ceremony();
    let mut text = format!("{}\n", words.transcript_in_order(lines.entries.len()));
    let mut people: Vec<&str> = Vec::new();
    for (number, entry) in (1..).zip(&lines.entries) {
        let fact = |name: &str| entry.get(name).map(plain).unwrap_or_default();
        text += &format!("\n{number}. {}  {}\n", fact("time"), fact("command"));
        let mut rows: show::Rows = Vec::new();
        for (name, label) in ceremony.facts {
            let value = fact(name);
            if !value.is_empty() {
                rows.push((label, value));
            }
        }
        text += &show::table(&rows);
        let holder = entry.get("holder").into_iter();
        let witnesses = entry.get("witnesses").and_then(Value::as_array);
        for person in holder.chain(witnesses.into_iter().flatten()) {
            if let Some(person) = person.as_str()
                && !people.contains(&person)
            {
                people.push(person);
            }
        }
    }
    text += &format!(
        "\n{}\n  {}\n",
        ceremony.last_hash,
        spaced(&lines.last_hash())
    );
    for person in people {
        text += &format!("\n  {}  ______________________________\n", shown(person));
    }
    files::print(text.as_bytes())
}

/// A value without quotes, safe for a terminal.
fn plain(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(plain).collect();
            values.join(", ")
        }
        Value::Object(file) => file.get("path").map(plain).unwrap_or_default(),
        other => other.to_string(),
    };
    shown(&text).into_owned()
}

/// Groups of four, to be compared by eye.
fn spaced(hash: &str) -> String {
    let letters: Vec<char> = hash.chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str) -> Entry {
        Entry::new("keys root").with("name", name)
    }

    fn file(name: &str, content: &[u8]) -> std::path::PathBuf {
        let path =
            std::env::temp_dir().join(format!("hcert-transcript-{}-{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        path
    }

    fn problem(content: &[u8], name: &str) -> Option<(usize, ChainProblem)> {
        let path = file(name, content);
        let read = read(&path);
        std::fs::remove_file(path).unwrap();
        match read {
            Ok(_) => None,
            Err(Fault::Keys(KeysFault::Transcript { line, problem, .. })) => Some((line, problem)),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn any_change_but_at_the_end_is_noticed() {
        let mut all = Vec::new();
        for name in ["a", "b", "c"] {
            let path = file("make", &all);
            all = with(&existing(&path).unwrap(), entry(name));
            std::fs::remove_file(path).unwrap();
        }
        assert_eq!(problem(&all, "good"), None);
        let text = String::from_utf8(all).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let [one, two, three] = lines[..] else {
            panic!("{lines:?}");
        };
        let changed = two.replace("\"b\"", "\"B\"");
        let renumbered = three.replace("\"entry\":3", "\"entry\":2");
        for (name, lines, wanted) in [
            (
                "changed",
                vec![one, &changed, three],
                (3, ChainProblem::Previous),
            ),
            ("out", vec![one, &renumbered], (2, ChainProblem::Previous)),
            ("taken", vec![one, three], (2, ChainProblem::Number)),
            ("front", vec![two, three], (1, ChainProblem::Number)),
            ("twice", vec![one, one], (2, ChainProblem::Number)),
            ("text", vec![one, "{}x"], (2, ChainProblem::Unreadable)),
        ] {
            let content = lines.join("\n") + "\n";
            assert_eq!(problem(content.as_bytes(), name), Some(wanted), "{name}");
        }
        let cut = text.trim_end();
        assert_eq!(
            problem(cut.as_bytes(), "cut"),
            Some((3, ChainProblem::CutOff))
        );
    }
}
