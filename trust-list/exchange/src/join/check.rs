//! A given certificate against its template, line by line.

use hcert::{time::Timestamp, x509::Certificate};
use x509_cert::{
    certificate::{CertificateInner, Raw},
    der::Decode as _,
};

use super::{Template, rules};

/// One line of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule, in words of the network's documents.
    pub rule: &'static str,
    /// How binding it is.
    pub level: Level,
    /// What was found.
    pub outcome: Outcome,
}

impl Finding {
    /// Whether the network would refuse the certificate for it.
    pub fn is_fault(&self) -> bool {
        self.level == Level::Must && matches!(self.outcome, Outcome::Broken(_))
    }
}

impl core::fmt::Display for Finding {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mark = match (&self.outcome, self.level) {
            (Outcome::Kept(_), _) => "ok     ",
            (Outcome::Broken(_), Level::Must) => "FAULT  ",
            (Outcome::Broken(_), Level::Should) => "advice ",
        };
        let (Outcome::Kept(found) | Outcome::Broken(found)) = &self.outcome;
        write!(f, "{mark}{}: {found}", self.rule)
    }
}

/// How binding a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The onboarding checks it, or the governance says MUST.
    Must,
    /// Recommended.
    Should,
}

/// What was found, with the facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// As it should be.
    Kept(String),
    /// Not so.
    Broken(String),
}

/// What is known beside the certificate.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The time of the check.
    pub at: Timestamp,
    /// The participant's code (alpha-3), whose country the certificate has to name.
    pub participant: Option<&'a str>,
    /// Of a DSC: the SCA that issued it.
    pub authority: Option<&'a Certificate>,
}

/// Checks a certificate (DER) against its template. One that can't be read has one finding.
pub fn check_certificate(template: Template, der: &[u8], question: &Question<'_>) -> Vec<Finding> {
    let mut out = Lines(Vec::new());
    let rule = "the file is an X.509 certificate in strict DER";
    match CertificateInner::<Raw>::from_der(der) {
        Err(error) => out.must(rule, Err(error.to_string())),
        Ok(raw) => match Certificate::from_der(der) {
            Err(error) => out.must(rule, Err(error.to_string())),
            Ok(certificate) => {
                out.must(rule, Ok(certificate.subject().to_owned()));
                rules::all(&mut out, template, &raw, &certificate, question);
            }
        },
    }
    out.0
}

/// The lines so far.
pub(super) struct Lines(Vec<Finding>);

impl Lines {
    pub(super) fn must(&mut self, rule: &'static str, found: Result<String, String>) {
        self.add(rule, Level::Must, found);
    }

    pub(super) fn should(&mut self, rule: &'static str, found: Result<String, String>) {
        self.add(rule, Level::Should, found);
    }

    fn add(&mut self, rule: &'static str, level: Level, found: Result<String, String>) {
        self.0.push(Finding {
            rule,
            level,
            outcome: match found {
                Ok(found) => Outcome::Kept(found),
                Err(found) => Outcome::Broken(found),
            },
        });
    }
}
