//! The page: one sheet of A4 as HTML.

use super::{Sheet, lines};
use crate::{keys::fingerprint, words::Words};

/// Where the typed lines are in the page's file, so that it can be read back itself.
pub(super) const LINES_START: &str = "<pre id=\"key\">";
/// Their end.
pub(super) const LINES_END: &str = "</pre>";

/// More lines than these stand in two columns, in smaller letters.
const ONE_COLUMN: usize = 22;

const STYLE: &str = "\
@page{size:A4;margin:12mm 16mm}
*{box-sizing:border-box}
body{margin:0 auto;max-width:178mm;color:#000;background:#fff;font:10pt/1.4 'Noto Sans','DejaVu Sans',system-ui,sans-serif}
h1{font-size:17pt;line-height:1.2;margin:0 0 1mm}
h2{font-size:10.5pt;margin:4mm 0 1mm}
p{margin:0 0 1mm}
.top{display:flex;gap:7mm;margin-top:3mm;align-items:flex-start}
.top svg{display:block;flex:none;margin:-2mm 0 0 -3mm}
dl{margin:0;min-width:0}
dt{font-size:8pt;color:#444}
dd{margin:0 0 2mm;overflow-wrap:anywhere}
.hash{font-family:'Noto Sans Mono','DejaVu Sans Mono',monospace;font-size:9pt}
pre{margin:0;font:9.5pt/1.45 'Noto Sans Mono','DejaVu Sans Mono',monospace}
ol{margin:0;padding-left:5mm}
.sign{display:flex;gap:8mm;margin-top:9mm}
.sign span{flex:1;border-top:.3mm solid #000;padding-top:1mm;font-size:8pt}
.long{font-size:8.5pt}
.long .lines{columns:2;column-gap:5mm}
.long pre{font-size:7pt;line-height:1.28}
.long h2{margin-top:2mm}
.long .sign{margin-top:7mm}
@media screen{body{padding:10mm}}
";

/// The page of a sheet: `sealed` is the encrypted key (DER), `svg` its code.
pub(super) fn html(sheet: &Sheet<'_>, sealed: &[u8], svg: &str, words: Words) -> String {
    let (ceremony, lines) = (words.ceremony(), lines::encode(sealed));
    let role = words.role(sheet.role);
    let title = format!("{}: {role}", ceremony.paper_title);
    let facts: String = [
        (ceremony.role, role.to_owned(), ""),
        (ceremony.holder, sheet.name.to_owned(), ""),
        (ceremony.made_on, words.instant(sheet.made), ""),
        (
            ceremony.key_hash,
            fingerprint::grouped(sheet.spki),
            " class=\"hash\"",
        ),
        (
            ceremony.sealed_hash,
            fingerprint::grouped(sealed),
            " class=\"hash\"",
        ),
    ]
    .iter()
    .map(|(label, value, class)| {
        format!(
            "<dt>{}</dt><dd{class}>{}</dd>\n",
            escaped(label),
            escaped(value)
        )
    })
    .collect();
    let steps: String = ceremony
        .paper_steps
        .iter()
        .map(|step| format!("<li>{}</li>\n", escaped(step)))
        .collect();
    let long = if lines.len() > ONE_COLUMN {
        " class=\"long\""
    } else {
        ""
    };
    let signs: String = ceremony
        .paper_signs
        .iter()
        .map(|sign| format!("<span>{}</span>", escaped(sign)))
        .collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body{long}>\n<h1>{title}</h1>\n<p>{warning}</p>\n\
         <div class=\"top\">\n{svg}<dl>\n{facts}</dl>\n</div>\n\
         <h2>{text_title}</h2>\n<div class=\"lines\">{LINES_START}{lines}{LINES_END}</div>\n\
         <h2>{how}</h2>\n<ol>\n{steps}</ol>\n<div class=\"sign\">{signs}</div>\n</body>\n</html>\n",
        lang = words.code_of_language(),
        title = escaped(&title),
        warning = escaped(ceremony.paper_warning),
        text_title = escaped(ceremony.paper_text),
        how = escaped(ceremony.paper_how),
        lines = escaped(&lines.join("\n")),
    )
}

/// Text within HTML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
