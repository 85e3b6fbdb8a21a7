//! Parts of a certificate's subject, by themselves: its text can't be taken apart again safely.

use der::{Decode as _, asn1::ObjectIdentifier};
use hcert::x509::Certificate;
use x509_cert::certificate::{CertificateInner, Raw};

pub(crate) const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
pub(crate) const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
pub(crate) const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");

/// The values of one kind, in their order.
pub(crate) fn values(certificate: &Certificate, kind: ObjectIdentifier) -> Vec<String> {
    let Ok(certificate) = CertificateInner::<Raw>::from_der(certificate.der()) else {
        return Vec::new();
    };
    let subject = certificate.tbs_certificate().subject();
    let values = subject.iter().filter(|attribute| attribute.oid == kind);
    values
        .map(|attribute| {
            let text = str::from_utf8(attribute.value.value());
            text.unwrap_or_default().to_owned()
        })
        .collect()
}
