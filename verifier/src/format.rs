//! Which system a scanned text belongs to, told by how it begins.

/// A certificate format of the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// EU Digital COVID Certificate.
    EuDcc,
    /// WHO digital vaccination certificate, the ICVP.
    WhoDvc,
    /// WHO DDCC core data set.
    WhoDdcc,
    /// New Zealand COVID Pass.
    Nzcp,
    /// SMART Health Card.
    Shc,
    /// ICAO visible digital seal for non-constrained environments.
    VdsNc,
    /// DIVOC, a verifiable credential in a ZIP file.
    Divoc,
    /// Dutch domestic CoronaCheck.
    NlCoronacheck,
}

impl Format {
    /// The word for this format in a verdict.
    pub const fn name(self) -> &'static str {
        match self {
            Format::EuDcc => "eu-dcc",
            Format::WhoDvc => "who-dvc",
            Format::WhoDdcc => "who-ddcc",
            Format::Nzcp => "nzcp",
            Format::Shc => "shc",
            Format::VdsNc => "vds-nc",
            Format::Divoc => "divoc",
            Format::NlCoronacheck => "nl-coronacheck",
        }
    }

    /// Recognises a text. Everything in an HC1 container counts as [`Format::EuDcc`] until its
    /// content says otherwise.
    pub fn recognise(text: &str) -> Option<Format> {
        const STARTS: [(&str, Format); 8] = [
            ("HC1:", Format::EuDcc),
            ("NZCP:/", Format::Nzcp),
            ("shc:/", Format::Shc),
            ("NL2:", Format::NlCoronacheck),
            ("NL1:", Format::NlCoronacheck),
            ("B64:", Format::Divoc),
            ("PK\u{3}\u{4}", Format::Divoc),
            ("{\"data\":{\"hdr\":{\"t\":\"icao.", Format::VdsNc),
        ];
        let text = text.trim_start_matches(['\r', '\n', '\t']);
        STARTS
            .into_iter()
            .find(|(start, _)| text.starts_with(start))
            .map(|(_, format)| format)
    }
}

impl core::fmt::Display for Format {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}
