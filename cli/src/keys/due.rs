//! `hcert keys due`: what ends soon, for a person and for cron.

use std::{path::Path, process::ExitCode};

use hcert::time::Timestamp;
use serde_json::json;

use super::{
    args::DueArgs,
    certificates::{self, Item},
    make::plus_days,
    show,
};
use crate::{args::common::OutputFormat, context::Context, fault::Fault, files, verify::shown};

const SECONDS_OF_DAY: i64 = 24 * 3600;
/// Exit status when something is due.
const DUE: u8 = 1;

/// Something that ends.
struct Ending {
    file: String,
    kind: &'static str,
    subject: String,
    kid: Option<String>,
    ends: Timestamp,
}

/// Lists what ends within the time given. Status 0: nothing, 1: something, 2: a file can't be read.
pub(crate) fn run(args: &DueArgs, context: &Context) -> Result<ExitCode, Fault> {
    let now = context.now();
    let limit = plus_days(now, args.within);
    let mut endings = Vec::new();
    let mut unreadable = false;
    for file in &args.files {
        match of_file(file) {
            Ok(found) => endings.extend(found),
            // What the other files hold may be urgent.
            Err(fault) => {
                let message = context.words().fault(&fault);
                context.print_error(&anyhow::Error::msg(message));
                unreadable = true;
            }
        }
    }
    endings.sort_by_key(|ending| ending.ends);
    let due = endings.iter().filter(|ending| ending.ends <= limit).count();
    let text = match args.format {
        OutputFormat::Human => human(&endings, due, args.within, now, context),
        OutputFormat::Json => endings
            .iter()
            .map(|ending| format!("{}\n", ending.json(now, limit)))
            .collect(),
    };
    files::print(text.as_bytes())?;
    Ok(match (unreadable, due) {
        (true, _) => ExitCode::from(crate::COULD_NOT_RUN),
        (false, 0) => ExitCode::SUCCESS,
        (false, _) => ExitCode::from(DUE),
    })
}

fn of_file(path: &Path) -> Result<Vec<Ending>, Fault> {
    let mut found = Vec::new();
    for item in certificates::read(path)? {
        let file = files::shown(path);
        match item {
            Item::Certificate(certificate) => found.push(Ending {
                file,
                kind: if certificate.is_authority() {
                    "csca"
                } else {
                    "dsc"
                },
                subject: shown(certificate.subject()).into_owned(),
                kid: Some(certificate.kid().to_string()),
                ends: certificate.not_after(),
            }),
            Item::List(list) => found.extend(list.next_update().map(|ends| Ending {
                file,
                kind: "crl",
                subject: shown(&list.issuer()).into_owned(),
                kid: None,
                ends,
            })),
            // Neither has an end.
            Item::Request(_) | Item::Key(_) => {}
        }
    }
    Ok(found)
}

impl Ending {
    /// Whole days left; negative when it has ended.
    fn days(&self, now: Timestamp) -> i64 {
        (self.ends.unix() - now.unix()).div_euclid(SECONDS_OF_DAY)
    }

    fn json(&self, now: Timestamp, limit: Timestamp) -> serde_json::Value {
        json!({
            "file": self.file,
            "kind": self.kind,
            "subject": self.subject,
            "kid": self.kid,
            "ends": self.ends.to_string(),
            "days_left": self.days(now),
            "due": self.ends <= limit,
        })
    }
}

fn human(endings: &[Ending], due: usize, within: u32, now: Timestamp, context: &Context) -> String {
    let words = context.words();
    let ceremony = words.ceremony();
    let mut text = format!("{}\n", words.due(due, endings.len(), within));
    for ending in endings.iter().take(due) {
        let (what, remedy) = match ending.kind {
            "csca" => (words.making().authority, ceremony.renew_csca),
            "crl" => (ceremony.list, ceremony.renew_list),
            _ => (words.making().certificate, ceremony.renew_dsc),
        };
        text += &format!("\n{what}: {}\n", ending.subject);
        let mut rows = vec![
            (ceremony.ends, words.ends(ending.ends, ending.days(now))),
            (ceremony.file, ending.file.clone()),
        ];
        if let Some(kid) = &ending.kid {
            rows.insert(0, (words.making().kid, kid.clone()));
        }
        text += &show::table(&rows);
        text += &format!("  — {remedy}\n");
    }
    text
}
