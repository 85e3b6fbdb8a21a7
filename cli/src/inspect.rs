//! `hcert inspect`: every layer of a code, all of it unverified.

use std::{
    fmt::Write as _,
    io::{self, BufReader, Write as _},
    process::ExitCode,
};

use anyhow::bail;
use hcert::limits::Limits;
use qr::picture::{self, PictureLimits};
use serde_json::{Value, json};
use verifier::unverified::{self, Layers};

use crate::{
    args::{InspectArgs, common::OutputFormat},
    context::Context,
    verify::{Input, LineReader, shown},
};

/// Bytes of hex on one line.
const HEX_WIDTH: usize = 32;

/// Shows the layers of every code of the inputs.
pub(crate) fn run(args: &InspectArgs, context: &Context) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    let mut whole = true;
    for argument in &args.inputs {
        for text in codes(argument)? {
            let layers = unverified::layers(&text, Limits::DEFAULT);
            whole &= layers.failure.is_none();
            let shown = match args.format {
                OutputFormat::Human => human(argument, &text, &layers, context),
                OutputFormat::Json => format!("{}\n", machine(argument, &text, &layers)),
            };
            out.write_all(shown.as_bytes())?;
        }
    }
    Ok(if whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The texts of an input.
fn codes(argument: &str) -> anyhow::Result<Vec<String>> {
    let lines = |input: &mut dyn io::Read| -> io::Result<Vec<String>> {
        let mut reader = LineReader::new(BufReader::new(input), Limits::DEFAULT.text_bytes);
        let mut texts = Vec::new();
        while let Some((_, line)) = reader.next_line()? {
            texts.push(line.to_owned());
        }
        Ok(texts)
    };
    let texts = match Input::open(argument)? {
        Input::Standard => lines(&mut io::stdin().lock())?,
        Input::Literal(code) => vec![code.to_owned()],
        Input::Lines(mut file) => lines(&mut file)?,
        Input::Picture(bytes) => picture::codes(&bytes, &PictureLimits::default())?
            .into_iter()
            .flat_map(|page| page.codes)
            .map(|code| code.text.unwrap_or_else(|| hex(&code.bytes)))
            .collect(),
    };
    if texts.is_empty() {
        bail!("{argument}: no code found");
    }
    Ok(texts)
}

fn human(argument: &str, text: &str, layers: &Layers, context: &Context) -> String {
    let words = context.words();
    let mut out = String::new();
    let mark = words.unverified();
    let (on, off) = if context.colour {
        ("\x1b[1;33m", "\x1b[0m")
    } else {
        ("", "")
    };
    let title = super::verify::title(argument);
    let _ = writeln!(
        out,
        "{on}{mark}: {}{off}  {}",
        words.nothing_checked(),
        shown(&title)
    );
    let _ = writeln!(
        out,
        "\n1 HC1  {} {}",
        text.chars().count(),
        words.characters()
    );
    let _ = writeln!(out, "  {}", shown(text));
    let mut bytes = |title: &str, bytes: &[u8]| {
        if !bytes.is_empty() {
            let _ = writeln!(out, "\n{title}  {} {}", bytes.len(), words.bytes());
            for line in bytes.chunks(HEX_WIDTH) {
                let _ = writeln!(out, "  {}", hex(line));
            }
        }
    };
    bytes("2 Base45 -> zlib", &layers.compressed);
    bytes("3 zlib -> COSE_Sign1", &layers.cose);
    if !layers.cose.is_empty() {
        let _ = writeln!(out, "  {}", shown(&diagnostic(&layers.cose)));
    }
    if !layers.claims.is_empty() {
        let kid = layers.kid.as_deref().map(hcert::base64::encode);
        let _ = writeln!(out, "\n4 COSE_Sign1");
        let _ = writeln!(
            out,
            "  protected  {}",
            shown(&diagnostic(&layers.protected))
        );
        let _ = writeln!(out, "  algorithm  {}", algorithm(layers));
        let _ = writeln!(out, "  kid        {}", kid.as_deref().unwrap_or("-"));
        let _ = writeln!(out, "  signature  {}", hex(&layers.signature));
        let _ = writeln!(out, "\n5 CWT  {} {}", layers.claims.len(), words.bytes());
        let _ = writeln!(out, "  {}", shown(&diagnostic(&layers.claims)));
    }
    if let Some(payload) = unverified::payload(text, Limits::DEFAULT) {
        let _ = writeln!(out, "\n6 hcert (-260)");
        for line in serde_json::to_string_pretty(&payload)
            .unwrap_or_default()
            .lines()
        {
            let _ = writeln!(out, "  {mark} | {}", shown(line));
        }
    }
    if let Some(failure) = &layers.failure {
        let _ = writeln!(out, "\n✖ {}: {failure}", words.ends_here());
    }
    out
}

fn machine(argument: &str, text: &str, layers: &Layers) -> Value {
    json!({
        "input": argument,
        "unverified": true,
        "text": text,
        "compressed": hex(&layers.compressed),
        "cose": hex(&layers.cose),
        "cose_diagnostic": diagnostic(&layers.cose),
        "protected": hex(&layers.protected),
        "algorithm": layers.algorithm,
        "kid": layers.kid.as_deref().map(hcert::base64::encode),
        "signature": hex(&layers.signature),
        "claims": hex(&layers.claims),
        "claims_diagnostic": diagnostic(&layers.claims),
        "payload": unverified::payload(text, Limits::DEFAULT),
        "failure": layers.failure.as_ref().map(ToString::to_string),
    })
}

fn algorithm(layers: &Layers) -> String {
    let number = layers.algorithm;
    match number.and_then(hcert::keys::Algorithm::from_cose) {
        Some(algorithm) => algorithm.name().to_owned(),
        None => number.map_or_else(|| "-".to_owned(), |number| number.to_string()),
    }
}

/// CBOR diagnostic notation (RFC 8949 section 8).
fn diagnostic(cbor: &[u8]) -> String {
    minicbor::display(cbor).to_string()
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
