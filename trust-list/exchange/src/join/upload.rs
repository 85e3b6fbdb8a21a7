//! The upload of a DSC: its DER in a CMS message that the upload certificate signs, in base64
//! (tng-participant-template, upload_dsc; dgc-lib, SignedCertificateMessageParser).

use hcert::{base64, keys::Signer, time::Timestamp, x509::Certificate};
use serde_json::{Value, json};

use crate::cms::{self, CmsError, DATA, Message};

/// Why an upload can't be made or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UploadError {
    /// Not base64.
    #[error("the upload is not base64")]
    Base64,
    /// The message can't be made or does not hold.
    #[error(transparent)]
    Cms(#[from] CmsError),
    /// The message holds something else.
    #[error("the upload holds no certificate: {0}")]
    Content(String),
    /// The gateway takes exactly one certificate beside the content, its signer's.
    #[error("the upload has to bring its signer's certificate and no other")]
    Certificates,
}

/// Makes the upload of a DSC, one line of base64.
pub fn upload(
    dsc: &Certificate,
    signer: (&Certificate, &dyn Signer),
    at: Timestamp,
) -> Result<String, UploadError> {
    Ok(base64::encode(&cms::sign(DATA, dsc.der(), signer, at)?))
}

/// The body of the request that hands it in (`POST /trustedCertificate`).
pub fn request(domain: &str, upload: &str) -> Value {
    json!({ "cms": upload, "properties": {}, "domain": domain })
}

/// Reads an upload and checks it against the participant's upload certificate, as the gateway
/// does.
pub fn read_upload(text: &str, signer: &Certificate) -> Result<Certificate, UploadError> {
    let message = Message::parse(&base64::decode(text).ok_or(UploadError::Base64)?)?;
    if message.content_type() != DATA {
        return Err(UploadError::Content(format!(
            "content of type {}",
            message.content_type()
        )));
    }
    match message.certificates() {
        [own] if own.der() == signer.der() => {}
        _ => return Err(UploadError::Certificates),
    }
    let content = message.check(signer)?;
    Certificate::from_der(content).map_err(|error| UploadError::Content(error.to_string()))
}
