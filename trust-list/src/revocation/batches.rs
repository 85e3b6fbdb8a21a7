//! Batches, as the EU gateway hands them out (dgc-gateway, `RevocationBatchDto` and
//! `RevocationBatchListDto`). Their CMS signature is the importer's affair.

use alloc::{boxed::Box, collections::BTreeMap, vec::Vec};

use hcert::{base64, kid::Kid, time::Timestamp};
use serde_json::Value;

use super::{HashKind, HashListBuilder, ListKey, RevocationHash};

/// Most entries of one batch, by the gateway's rule.
const MOST_ENTRIES: usize = 1000;

/// The kid of batches that are for certificates of any.
const UNKNOWN_KID: &str = "UNKNOWN_KID";

/// Why a text is not a revocation batch, or a list of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the revocation batch has no readable {0}")]
pub struct BatchError(pub &'static str);

/// One batch of revoked certificates of one country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The country that revoked.
    pub country: Box<str>,
    /// From then on it no longer counts.
    pub expires: Timestamp,
    /// The certificates' kid, if it names one.
    pub kid: Option<Kid>,
    /// What the hashes are over.
    pub kind: HashKind,
    /// The hashes, 1 to 1000.
    pub hashes: Vec<RevocationHash>,
}

impl Batch {
    /// Reads `{country, expires, kid, hashType, entries: [{hash}]}`.
    ///
    /// # Errors
    /// Names the member that is missing or wrong. A batch with one unreadable hash is refused as a
    /// whole: to drop the hash would be to let a revoked certificate pass.
    pub fn from_json(batch: &Value) -> Result<Batch, BatchError> {
        let text = |name: &'static str| {
            let text = batch.get(name).and_then(Value::as_str);
            text.ok_or(BatchError(name))
        };
        let name = text("hashType")?;
        let mut kinds = HashKind::ALL.into_iter();
        let kind = kinds.find(|kind| kind.name() == name);
        let kind = kind.ok_or(BatchError("hashType (SIGNATURE, UCI or COUNTRYCODEUCI)"))?;
        let kid = match batch.get("kid").and_then(Value::as_str) {
            None | Some(UNKNOWN_KID) => None,
            Some(kid) => {
                let kid =
                    Kid::from_base64(kid).filter(|kid| (1..=64).contains(&kid.as_bytes().len()));
                Some(kid.ok_or(BatchError("kid"))?)
            }
        };
        let country = text("country")?;
        if !(1..=16).contains(&country.len()) {
            return Err(BatchError("country"));
        }
        let entries = batch.get("entries").and_then(Value::as_array);
        let entries = entries.filter(|entries| (1..=MOST_ENTRIES).contains(&entries.len()));
        let hash = |entry: &Value| -> Option<RevocationHash> {
            base64::decode(entry.get("hash")?.as_str()?)?
                .try_into()
                .ok()
        };
        let hashes = entries.ok_or(BatchError("entries (1 to 1000)"))?.iter();
        Ok(Batch {
            country: country.into(),
            expires: text("expires")?
                .parse()
                .map_err(|_| BatchError("expires"))?,
            kid,
            kind,
            hashes: hashes
                .map(hash)
                .collect::<Option<_>>()
                .ok_or(BatchError("hash (16 bytes in base64)"))?,
        })
    }
}

impl From<&Batch> for ListKey {
    fn from(batch: &Batch) -> ListKey {
        ListKey {
            kind: batch.kind,
            kid: batch.kid.clone(),
            country: Some(batch.country.clone()),
            expires: Some(batch.expires),
        }
    }
}

/// What the gateway says of a batch before it is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchNotice {
    /// The batch's name.
    pub id: Box<str>,
    /// Whether its country took it back.
    pub deleted: bool,
}

impl BatchNotice {
    /// Reads `{more, batches: [{batchId, deleted, ...}]}`: the batches, and whether there are more.
    ///
    /// # Errors
    /// Names the member that is missing or wrong.
    pub fn list_from_json(list: &Value) -> Result<(Vec<BatchNotice>, bool), BatchError> {
        let notice = |entry: &Value| {
            let id = entry.get("batchId").and_then(Value::as_str);
            let id = id
                .filter(|id| id.len() <= 64)
                .ok_or(BatchError("batchId"))?;
            // Taken back only if it says so: what is missing must not revive a certificate.
            let deleted = entry.get("deleted").and_then(Value::as_bool) == Some(true);
            Ok(BatchNotice {
                id: id.into(),
                deleted,
            })
        };
        let batches = list.get("batches").and_then(Value::as_array);
        let batches = batches.ok_or(BatchError("batches"))?;
        let more = list.get("more").and_then(Value::as_bool);
        Ok((
            batches.iter().map(notice).collect::<Result<_, _>>()?,
            more.ok_or(BatchError("more"))?,
        ))
    }
}

/// All batches in hand, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batches {
    batches: BTreeMap<Box<str>, Batch>,
}

impl Batches {
    /// Adds a batch, or puts another in its place.
    pub fn insert(&mut self, id: &str, batch: Batch) {
        self.batches.insert(id.into(), batch);
    }

    /// Takes a batch out, if it is there.
    pub fn delete(&mut self, id: &str) -> bool {
        self.batches.remove(id).is_some()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.batches.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// Adds the hashes of all batches that are in force to lists.
    pub fn add_to(&self, lists: &mut HashListBuilder, at: Timestamp) {
        for batch in self.batches.values().filter(|batch| batch.expires > at) {
            lists.list(ListKey::from(batch)).extend(&batch.hashes);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn json() -> Value {
        json!({ "country": "VN", "expires": "2027-01-01T00:00:00Z", "kid": "YmFyZQ==",
            "hashType": "UCI", "entries": [{ "hash": "AAECAwQFBgcICQoLDA0ODw==" }] })
    }

    #[test]
    fn reads_a_batch() {
        let batch = Batch::from_json(&json()).unwrap();
        let hash = core::array::from_fn(|i| u8::try_from(i).unwrap());
        assert_eq!((batch.kind, batch.hashes), (HashKind::Uci, vec![hash]));
        assert_eq!(batch.kid, Some(Kid::from_bytes(b"bare")));
        let mut any = json();
        any["kid"] = UNKNOWN_KID.into();
        assert_eq!(Batch::from_json(&any).unwrap().kid, None);
    }

    #[test]
    fn says_what_is_wrong() {
        let entry = json()["entries"][0].clone();
        for (member, value, complaint) in [
            ("country", json!(7), "country"),
            ("country", json!(""), "country"),
            ("expires", json!("tomorrow"), "expires"),
            ("kid", json!("*"), "kid"),
            (
                "hashType",
                json!("MD5"),
                "hashType (SIGNATURE, UCI or COUNTRYCODEUCI)",
            ),
            ("entries", json!([]), "entries (1 to 1000)"),
            ("entries", json!(vec![entry; 1001]), "entries (1 to 1000)"),
            (
                "entries",
                json!([{ "hash": "AAEC" }]),
                "hash (16 bytes in base64)",
            ),
        ] {
            let mut batch = json();
            batch[member] = value;
            assert_eq!(
                Batch::from_json(&batch),
                Err(BatchError(complaint)),
                "{member}"
            );
        }
        assert!(Batch::from_json(&json!([])).is_err());
    }

    #[test]
    fn deleted_and_expired_ones_are_out() {
        let mut batches = Batches::default();
        batches.insert("a", Batch::from_json(&json()).unwrap());
        batches.insert("b", Batch::from_json(&json()).unwrap());
        let count = |batches: &Batches, at: &str| {
            let mut lists = HashListBuilder::default();
            batches.add_to(&mut lists, at.parse().unwrap());
            lists.len()
        };
        assert_eq!(count(&batches, "2026-12-31T23:59:59Z"), 2);
        assert_eq!(count(&batches, "2027-01-01T00:00:00Z"), 0);
        let list = json!({ "more": false, "batches": [
            { "batchId": "a", "deleted": true }, { "batchId": "b" }] });
        let (notices, more) = BatchNotice::list_from_json(&list).unwrap();
        for notice in notices.iter().filter(|notice| notice.deleted) {
            assert!(batches.delete(&notice.id));
        }
        assert_eq!((count(&batches, "2026-12-31T23:59:59Z"), more), (1, false));
    }
}
