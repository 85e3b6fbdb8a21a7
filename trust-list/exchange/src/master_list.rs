//! An ICAO master list: the CSCAs that a state or ICAO has seen (Doc 9303 part 12, section 8).
//!
//! ```asn1
//! CscaMasterList ::= SEQUENCE {
//!     version  CscaMasterListVersion,            -- INTEGER
//!     certList SET OF Certificate }
//! ```
//!
//! It is the content of a CMS message. The signer's certificate comes along, and stands below a
//! CSCA of the publisher, which is what an importer can know beforehand.

use der::{Header, Reader as _, SliceReader, Tag, asn1::ObjectIdentifier};
use hcert::{limits::Limits, time::Timestamp, x509::Certificate};
use trust_list::import::{FileError, Form, Listed, Listing, Role};

use crate::{
    ImportError, Imported, ProofError, Vouch,
    cms::{CmsError, Message},
};

const FORM: Form = Form::MasterList;
/// Most certificates beside the content that are looked at, and most of them that are tried as
/// signers: hostile input buys no more work.
const CAME_ALONG: usize = 64;
const SIGNERS_TRIED: usize = 16;
/// id-icao-cscaMasterList.
pub const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.136.1.1.2");

/// Reads a list. `signer` is the signer's certificate or the CSCA above it; without one the
/// signature still has to hold with the certificate that came along, but that only shows that
/// the file is whole, and the operator vouches.
pub fn read(
    bytes: &[u8],
    signer: Option<&Certificate>,
    at: Timestamp,
    limits: &Limits,
) -> Result<Imported, ImportError> {
    let limit = limits.trust_file_bytes;
    if bytes.len() > limit {
        return Err(FileError::TooLarge { limit }.into());
    }
    let message = Message::parse(bytes).map_err(|error| ImportError::form(FORM, error))?;
    if message.content_type() != CONTENT_TYPE {
        let why = format!("its content is of type {}", message.content_type());
        return Err(ImportError::form(FORM, why));
    }
    let (content, vouch) =
        check(&message, signer, at).map_err(|why| ImportError::Proof { form: FORM, why })?;
    let mut listing = Listing::new(FORM);
    certificates(content, &mut listing).map_err(|error| ImportError::form(FORM, error))?;
    Ok(Imported { listing, vouch })
}

fn check<'m>(
    message: &'m Message,
    pinned: Option<&Certificate>,
    at: Timestamp,
) -> Result<(&'m [u8], Vouch), ProofError> {
    let mut failure = ProofError::Signer(
        "none of the certificates that came along is below the given one".to_owned(),
    );
    let came = message
        .certificates()
        .iter()
        .take(CAME_ALONG)
        .filter(|came| match pinned {
            None => true,
            Some(pinned) => came.is_valid_at(at) && came.check_issued_by(pinned).is_ok(),
        });
    for signer in pinned.into_iter().chain(came.take(SIGNERS_TRIED)) {
        match message.check(signer) {
            Ok(content) => {
                let vouch = match pinned {
                    None => Vouch::Operator,
                    Some(_) => Vouch::Proof {
                        signer: signer.subject().to_owned(),
                        at: None,
                    },
                };
                return Ok((content, vouch));
            }
            Err(CmsError::Signature(error)) => failure = error.into(),
            Err(CmsError::OtherContent) => failure = ProofError::OtherContent,
            Err(error) => failure = ProofError::Unreadable(error.to_string()),
        }
    }
    Err(failure)
}

/// Each certificate by itself, so that one that can't be read does not drop the list.
fn certificates(content: &[u8], listing: &mut Listing) -> der::Result<()> {
    let mut reader = SliceReader::new(content)?;
    let mut list = inside(&mut reader, Tag::Sequence)?;
    reader.finish()?;
    list.tlv_bytes()?; // the version
    let mut set = inside(&mut list, Tag::Set)?;
    list.finish()?;
    let mut index = 0;
    while !set.is_finished() {
        index += 1;
        let name = format!("certificate {index}");
        let key = Certificate::from_der(set.tlv_bytes()?).map(|certificate| {
            let mut key = Listed::of_certificate(&name, certificate);
            // Some of the oldest CSCAs lack the extension that says so; the list says it.
            key.role = Role::Authority;
            key
        });
        listing.take(&name, key);
    }
    Ok(())
}

/// A reader of the value of the next item.
fn inside<'a>(reader: &mut SliceReader<'a>, tag: Tag) -> der::Result<SliceReader<'a>> {
    use der::Decode as _;
    let header = Header::decode(reader)?;
    header.tag().assert_eq(tag)?;
    SliceReader::new(reader.read_slice(header.length())?)
}
