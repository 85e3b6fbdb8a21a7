//! Keys on paper: `hcert keys paper`, and the page that the commands make that make keys.
//!
//! What is printed is the encrypted key, never the key: the page is worth nothing without the
//! passphrase, and the passphrase is not on it.

mod lines;
mod page;
pub(crate) mod restore;

use hcert::{pem, time::Timestamp};
use qr::{
    encode::{Level, Options, Symbol},
    render::{self, Size, SvgOptions},
};
use zeroize::Zeroizing;

use super::{
    args::{PaperArgs, Role},
    ceremony, make, passphrase,
    private::SealedKey,
    show,
    transcript::Entry,
};
use crate::{context::Context, fault::Fault};

/// Side of the QR code on the page, in millimetres: modules of 0.8 mm for an EC key, of 0.6 mm for
/// an RSA key of 2,048 bits.
const CODE_MM: f64 = 92.0;
/// A text longer than this, in bytes, is an RSA key: its code has so many modules that larger ones
/// help a reader more than error correction does.
const LONG: usize = 1000;

/// What a page says.
pub(crate) struct Sheet<'a> {
    /// What the key is for.
    pub(crate) role: Role,
    /// Its holder, or the subject of its certificate.
    pub(crate) name: &'a str,
    /// DER SubjectPublicKeyInfo of its public key.
    pub(crate) spki: &'a [u8],
    /// The encrypted key, PEM.
    pub(crate) sealed: &'a [u8],
    /// When the page was made.
    pub(crate) made: Timestamp,
}

impl Sheet<'_> {
    /// The page as HTML: one sheet of A4, with all it needs within it.
    pub(crate) fn page(&self, context: &Context) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let text = String::from_utf8_lossy(self.sealed);
        let sealed = pem::blocks(&text).flatten().map(|(_, der)| der).next();
        let sealed = sealed.unwrap_or_default();
        let symbol = Symbol::new(&text, &options(text.len()))?;
        let drawing = SvgOptions {
            size: Size::WidthMm(CODE_MM),
            ..SvgOptions::default()
        };
        let svg = render::svg(&symbol, &drawing)?;
        let page = page::html(self, &sealed, &svg, context.words());
        Ok(Zeroizing::new(page.into_bytes()))
    }
}

fn options(length: usize) -> Options {
    let level = if length > LONG { Level::L } else { Level::Q };
    Options {
        level,
        ..Options::default()
    }
}

/// Puts a key that is there on paper.
pub(crate) fn run(args: &PaperArgs, context: &Context) -> Result<(), Fault> {
    if !make::is_name(&args.name) {
        return Err(Fault::Name);
    }
    ceremony::check(&[&args.out], args.force, &args.record)?;
    let sealed = SealedKey::read(&args.key)?;
    // A page of a key that nobody can open is worse than none.
    let file = args.passphrase.passphrase_file.as_ref();
    let key = sealed.open(&passphrase::existing(context, file, &args.key)?)?;
    let spki = key.signer().spki();
    let text = sealed.pem();
    let sheet = Sheet {
        role: args.role,
        name: args.name.trim(),
        spki: &spki,
        sealed: text.as_bytes(),
        made: context.now(),
    };
    let output = ceremony::private(&args.out, sheet.page(context)?, args.force);
    let entry = Entry::new("keys paper")
        .role(args.role)
        .with("name", args.name.trim())
        .key(&spki);
    ceremony::write(vec![output], entry, &args.record, context)?;
    let words = context.words().ceremony();
    let mut rows = vec![
        (words.role, context.words().role(args.role).to_owned()),
        show::algorithm_row(key.signer().algorithm(), context),
        show::key_row(&spki, context),
    ];
    rows.extend(show::paper(&Some(args.out.clone()), context));
    let head = format!("{}: {}", words.paper_made, args.name.trim());
    show::report(&head, &rows, &[words.print_paper.to_owned()])
}
