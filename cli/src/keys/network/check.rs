//! `hcert keys network check`: certificates against the network's templates.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use hcert::x509::Certificate;
use serde_json::{Value, json};
use trust_exchange::join::{Finding, Level, Outcome, Question, Template, check_certificate};

use crate::{
    args::common::OutputFormat,
    context::Context,
    fault::Fault,
    files,
    keys::{args::CheckArgs, certificates, fault::KeysFault},
    verify::shown,
};

/// Exit status when the network would refuse something.
const REFUSED: u8 = 1;
/// Most folders below each other.
const MAX_DEPTH: usize = 16;
/// Most files of a participant: some for each domain.
const MAX_FILES: usize = 1000;

/// A certificate to check.
struct Item {
    path: PathBuf,
    template: Template,
    certificates: Vec<Certificate>,
}

/// A fault of the folder and not of one certificate.
struct Misplaced {
    path: String,
    why: String,
}

pub(super) fn run(args: &CheckArgs, context: &Context) -> Result<ExitCode, Fault> {
    let texts = context.words().network();
    let mut misplaced = Vec::new();
    let items = if args.path.is_dir() {
        folder(args, &mut misplaced, texts.lies_open)?
    } else {
        let Some(role) = args.role else {
            let path = files::shown(&args.path);
            return Err(KeysFault::NetworkRole { path }.into());
        };
        vec![Item {
            path: args.path.clone(),
            template: role.into(),
            certificates: certificates::read_certificates(&args.path)?,
        }]
    };
    let mut authorities = Vec::new();
    if let Some(path) = &args.sca {
        authorities.extend(certificates::read_certificates(path)?);
    }
    let own = items.iter().filter(|item| item.template == Template::Sca);
    authorities.extend(own.flat_map(|item| item.certificates.iter().cloned()));
    for item in &items {
        if item.certificates.len() > 1 {
            misplaced.push(Misplaced {
                path: files::shown(&item.path),
                why: (texts.several)(item.certificates.len()),
            });
        }
    }
    misplaced.extend(shared_keys(&items, texts.shared_key));
    let checked: Vec<(&Item, Vec<Finding>)> = items
        .iter()
        .flat_map(|item| item.certificates.iter().map(move |one| (item, one)))
        .map(|(item, certificate)| {
            let named = authorities
                .iter()
                .find(|sca| certificate.names_as_issuer(sca));
            let question = Question {
                at: args.at.unwrap_or_else(|| context.now()),
                participant: args.participant.as_deref(),
                // One that did not issue it is told as such, where it was named.
                authority: named.or(authorities.first().filter(|_| args.sca.is_some())),
            };
            let findings = check_certificate(item.template, certificate.der(), &question);
            (item, findings)
        })
        .collect();
    let faults = checked.iter().flat_map(|(_, findings)| findings);
    let faults = faults.filter(|finding| finding.is_fault()).count() + misplaced.len();
    let text = match args.format {
        OutputFormat::Json => json(&checked, &misplaced, faults),
        OutputFormat::Human => human(&checked, &misplaced, faults, context),
    };
    files::print(text.as_bytes())?;
    Ok(match faults {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::from(REFUSED),
    })
}

/// The certificates below a folder by the names of their folders. A private key in it is a fault
/// when it lies open, or in what is handed in.
fn folder(
    args: &CheckArgs,
    misplaced: &mut Vec<Misplaced>,
    lies_open: &str,
) -> Result<Vec<Item>, Fault> {
    let fault = |error| Fault::Read {
        path: files::shown(&args.path),
        error,
    };
    let mut found = Vec::new();
    walk(&args.path, 0, &mut found).map_err(fault)?;
    found.sort();
    let mut items = Vec::new();
    for path in found {
        let bytes = files::read_keys(&path)?;
        let text = String::from_utf8_lossy(&bytes);
        let handed_in = path
            .components()
            .any(|part| part.as_os_str() == "onboarding");
        let sealed = text.contains("BEGIN ENCRYPTED PRIVATE KEY");
        if text.contains("PRIVATE KEY-----") && (handed_in || !sealed) {
            misplaced.push(Misplaced {
                path: files::shown(&path),
                why: lies_open.to_owned(),
            });
            continue;
        }
        let named = |template: &Template| {
            path.components()
                .any(|part| part.as_os_str() == template.name())
        };
        let templates = [
            Template::Sca,
            Template::Dsc,
            Template::Tls,
            Template::Upload,
        ];
        let pem = path
            .extension()
            .is_some_and(|end| end == "pem" || end == "crt");
        // What is above a TLS certificate follows no template.
        let above = path.file_stem().is_some_and(|name| name == "CA");
        if let (Some(template), true, false) = (templates.into_iter().find(named), pem, above) {
            items.push(Item {
                certificates: certificates::read_certificates(&path)?,
                path,
                template,
            });
        }
    }
    if items.is_empty() && misplaced.is_empty() {
        let path = files::shown(&args.path);
        return Err(KeysFault::NetworkNothing { path }.into());
    }
    Ok(items)
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if depth > MAX_DEPTH || found.len() > MAX_FILES {
        return Err(std::io::ErrorKind::QuotaExceeded.into());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if kind.is_dir() && !hidden {
            walk(&entry.path(), depth + 1, found)?;
        } else if kind.is_file() && !hidden {
            found.push(entry.path());
        }
    }
    Ok(())
}

/// Each certificate has a key of its own.
fn shared_keys(items: &[Item], why: fn(&str) -> String) -> Vec<Misplaced> {
    let key = |item: &Item| item.certificates.first().and_then(|one| one.spki().ok());
    let mut shared = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let mut before = items.iter().take(index);
        let same = before.find(|other| key(other) == key(item) && other.template != item.template);
        if let Some(other) = same {
            shared.push(Misplaced {
                path: files::shown(&item.path),
                why: why(&files::shown(&other.path)),
            });
        }
    }
    shared
}

fn human(
    checked: &[(&Item, Vec<Finding>)],
    misplaced: &[Misplaced],
    faults: usize,
    context: &Context,
) -> String {
    let texts = context.words().network();
    let mut lines = Vec::new();
    for (item, findings) in checked {
        lines.push(format!("{}: {}", item.template, files::shown(&item.path)));
        for finding in findings {
            let (Outcome::Kept(found) | Outcome::Broken(found)) = &finding.outcome;
            let mark = match (&finding.outcome, finding.level) {
                (Outcome::Kept(_), _) => "✔",
                (Outcome::Broken(_), Level::Must) => "✖",
                (Outcome::Broken(_), Level::Should) => "▲",
            };
            lines.push(format!("  {mark} {}: {}", finding.rule, shown(found)));
        }
    }
    for wrong in misplaced {
        lines.push(format!("✖ {}: {}", shown(&wrong.path), wrong.why));
    }
    let all = checked.iter().flat_map(|(_, findings)| findings);
    let advice = all.filter(|finding| {
        finding.level == Level::Should && matches!(finding.outcome, Outcome::Broken(_))
    });
    lines.push((texts.result)(checked.len(), faults, advice.count()));
    lines.join("\n") + "\n"
}

fn json(checked: &[(&Item, Vec<Finding>)], misplaced: &[Misplaced], faults: usize) -> String {
    let finding = |finding: &Finding| -> Value {
        let (Outcome::Kept(found) | Outcome::Broken(found)) = &finding.outcome;
        json!({
            "rule": finding.rule,
            "level": match finding.level {
                Level::Must => "must",
                Level::Should => "should",
            },
            "kept": matches!(finding.outcome, Outcome::Kept(_)),
            "found": found,
        })
    };
    let files = checked.iter().map(|(item, findings)| {
        json!({
            "file": files::shown(&item.path),
            "role": item.template.name(),
            "findings": findings.iter().map(finding).collect::<Vec<_>>(),
        })
    });
    let misplaced = misplaced
        .iter()
        .map(|wrong| json!({ "file": wrong.path, "message": wrong.why }));
    let answer = json!({
        "good": faults == 0,
        "faults": faults,
        "certificates": files.collect::<Vec<_>>(),
        "folder": misplaced.collect::<Vec<_>>(),
    });
    format!("{answer}\n")
}
