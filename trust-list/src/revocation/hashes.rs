//! Other people's lists in one form, searched where they lie: part `revocation-hashes`.

use alloc::{boxed::Box, collections::BTreeMap, vec::Vec};
use core::ops::{Deref, Range};

use hcert::{kid::Kid, time::Timestamp};

use super::{
    HashKind, PartError, RevocationHash,
    cbor::{Reader, Writer},
};

const DAY: i64 = 24 * 60 * 60;

/// What a list is of. Lists differ in one of these.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListKey {
    /// What its hashes are over.
    pub kind: HashKind,
    /// Only for certificates of this kid; for all if there is none.
    pub kid: Option<Kid>,
    /// The country whose certificates it speaks for, if it says so.
    pub country: Option<Box<str>>,
    /// From then on it no longer counts.
    pub expires: Option<Timestamp>,
}

impl ListKey {
    /// Whether it still counts.
    pub fn is_in_force(&self, at: Timestamp) -> bool {
        self.expires.is_none_or(|expires| expires > at)
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<ListKey, PartError> {
        Ok(ListKey {
            kind: reader.kind()?,
            kid: reader.optional(Reader::kid)?,
            country: reader.optional(Reader::country)?,
            expires: reader.optional(|reader| reader.time("the expiry"))?,
        })
    }

    pub(super) fn write(&self, out: &mut Writer) {
        out.uint(self.kind.number().into());
        out.optional(self.kid.as_ref(), |out, kid| {
            out.bytes(kid.as_bytes());
        });
        out.optional(self.country.as_deref(), |out, country| {
            out.text(country);
        });
        out.optional(self.expires, |out, at| {
            out.time(at);
        });
    }
}

/// Hashes by what they are of. Takes any order, writes one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HashListBuilder {
    lists: BTreeMap<ListKey, Vec<RevocationHash>>,
}

impl HashListBuilder {
    /// A list that may stay empty: that it is there says that it speaks for its kid and country.
    /// The expiry is rounded up to a whole day of UTC, else there would be as many lists as
    /// batches.
    pub fn list(&mut self, key: ListKey) -> &mut Vec<RevocationHash> {
        let up = |at: Timestamp| {
            at.plus_seconds(-at.unix().rem_euclid(DAY))
                .plus_seconds(DAY)
        };
        let round = |at: Timestamp| {
            if at.unix().rem_euclid(DAY) == 0 {
                at
            } else {
                up(at)
            }
        };
        let expires = key.expires.map(round);
        self.lists.entry(ListKey { expires, ..key }).or_default()
    }

    /// How many hashes were added, repeated ones too.
    pub fn len(&self) -> usize {
        self.lists.values().map(Vec::len).sum()
    }

    /// Whether there is no list.
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// The part's bytes. The same lists give the same bytes.
    pub fn write(mut self) -> Vec<u8> {
        let mut out = Writer::new();
        out.array(2).uint(1).array(self.lists.len());
        for (key, hashes) in &mut self.lists {
            hashes.sort_unstable();
            hashes.dedup();
            out.array(6);
            key.write(&mut out);
            out.uint(16).bytes(hashes.as_flattened());
        }
        out.finish()
    }
}

#[derive(Debug, Clone)]
struct List {
    key: ListKey,
    size: usize,
    place: Range<usize>,
}

/// An opened part of hash lists. Its bytes stay where they are; opening takes time for each list,
/// not for each hash.
#[derive(Debug, Clone)]
pub struct HashLists<P> {
    lists: Vec<List>,
    part: P,
}

impl<P: Deref<Target = [u8]>> HashLists<P> {
    /// Opens a part. That the hashes of a list are sorted is the writer's duty, and not looked at:
    /// the part's digest is to be checked first.
    ///
    /// # Errors
    /// If it is not of the right structure, or lists are out of order.
    pub fn open(part: P) -> Result<HashLists<P>, PartError> {
        let mut reader = Reader::begin(&part, 2)?;
        let mut lists: Vec<List> = Vec::new();
        for _ in 0..reader.entries("the lists")? {
            reader.array("a list", 6)?;
            let key = ListKey::read(&mut reader)?;
            let size = reader.uint("the length of a hash")?;
            let size = usize::try_from(size)
                .ok()
                .filter(|size| (4..=16).contains(size));
            let size = size.ok_or(reader.error("the length of a hash, 4 to 16"))?;
            let hashes = reader.bytes("the hashes")?;
            if hashes.len() % size != 0 {
                return Err(reader.error("a whole number of hashes"));
            }
            let end = reader.0.position();
            let place = end.saturating_sub(hashes.len())..end;
            lists.push(List { key, size, place });
        }
        reader.end()?;
        if !lists.is_sorted_by(|a, b| a.key < b.key) {
            return Err(PartError::NotCanonical("lists out of order"));
        }
        Ok(HashLists { lists, part })
    }

    /// What each list is of, with the number of its hashes.
    pub fn lists(&self) -> impl Iterator<Item = (&ListKey, usize)> {
        self.lists
            .iter()
            .map(|list| (&list.key, list.place.len() / list.size))
    }

    pub(super) fn key(&self, index: usize) -> Option<&ListKey> {
        self.lists.get(index).map(|list| &list.key)
    }

    /// Whether a list holds a hash, or its beginning where the list is of shortened ones. `index`
    /// counts as [`HashLists::lists`] does.
    pub fn holds(&self, index: usize, hash: &RevocationHash) -> bool {
        let Some(list) = self.lists.get(index) else {
            return false;
        };
        let hashes = self.part.get(list.place.clone()).unwrap_or_default();
        let wanted = hash.get(..list.size).unwrap_or_default();
        contains_sorted(hashes, list.size, wanted)
    }

    /// Whether a list holds whole hashes; shorter ones can meet certificates that nobody revoked.
    pub(super) fn is_exact(&self, index: usize) -> bool {
        self.lists.get(index).is_some_and(|list| list.size == 16)
    }
}

/// Binary search among items of `size` bytes that lie in a row.
pub(super) fn contains_sorted(items: &[u8], size: usize, wanted: &[u8]) -> bool {
    let (mut low, mut high) = (0, items.len().checked_div(size).unwrap_or(0));
    while low < high {
        let middle = low.midpoint(high);
        let item = items.get(middle * size..).and_then(|rest| rest.get(..size));
        match item.unwrap_or_default().cmp(wanted) {
            core::cmp::Ordering::Less => low = middle + 1,
            core::cmp::Ordering::Greater => high = middle,
            core::cmp::Ordering::Equal => return true,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(kid: Option<&[u8]>, expires: &str) -> ListKey {
        ListKey {
            kind: HashKind::Uci,
            kid: kid.map(Kid::from_bytes),
            country: Some("VN".into()),
            expires: Some(expires.parse().unwrap()),
        }
    }

    #[test]
    fn finds_what_was_added() {
        let mut builder = HashListBuilder::default();
        for number in 0..=255 {
            let to = if number % 2 == 0 {
                None
            } else {
                Some(&b"kid"[..])
            };
            let list = builder.list(key(to, "2026-01-01T00:00:01Z"));
            list.insert(0, [number; 16]);
            list.push([number; 16]);
        }
        let lists = HashLists::open(builder.clone().write()).unwrap();
        let found: Vec<_> = lists.lists().collect();
        // Rounded up to the day's end, and repeated hashes once.
        assert_eq!(found[0], (&key(None, "2026-01-02T00:00:00Z"), 128));
        assert_eq!(found[1], (&key(Some(b"kid"), "2026-01-02T00:00:00Z"), 128));
        for number in 0..=255_u8 {
            let (even, hash) = (number % 2 == 0, [number; 16]);
            assert_eq!(lists.holds(0, &hash), even);
            assert_eq!(lists.holds(1, &hash), !even);
            let mut other = hash;
            other[15] ^= 1;
            assert!(!lists.holds(usize::from(!even), &other));
        }
        let part = builder.write();
        for length in 0..part.len() {
            assert!(HashLists::open(&part[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn a_whole_day_stays() {
        let mut builder = HashListBuilder::default();
        builder.list(key(None, "2026-01-02T00:00:00Z"));
        let lists = HashLists::open(builder.write()).unwrap();
        let expected = key(None, "2026-01-02T00:00:00Z");
        assert_eq!(lists.lists().next(), Some((&expected, 0)));
        assert!(expected.is_in_force("2026-01-01T23:59:59Z".parse().unwrap()));
        assert!(!expected.is_in_force("2026-01-02T00:00:00Z".parse().unwrap()));
    }

    #[test]
    fn shorter_hashes() {
        let mut out = Writer::new();
        out.array(2).uint(1).array(1).array(6);
        key(None, "2026-01-02T00:00:00Z").write(&mut out);
        out.uint(5).bytes(&[1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
        let lists = HashLists::open(out.finish()).unwrap();
        assert!(lists.holds(0, &[2; 16]) && !lists.holds(0, &[3; 16]));
        assert!(!lists.is_exact(0));
    }

    #[test]
    fn refuses_what_is_out_of_order() {
        let part = |keys: &[ListKey], size: u64| {
            let mut out = Writer::new();
            out.array(2).uint(1).array(keys.len());
            for key in keys {
                out.array(6);
                key.write(&mut out);
                out.uint(size).bytes(&[0; 16]);
            }
            HashLists::open(out.finish()).map(drop)
        };
        let (early, late) = (
            key(None, "2026-01-02T00:00:00Z"),
            key(None, "2026-01-03T00:00:00Z"),
        );
        assert_eq!(part(&[early.clone(), late.clone()], 16), Ok(()));
        for keys in [
            [late.clone(), early.clone()],
            [early.clone(), early.clone()],
        ] {
            let error = PartError::NotCanonical("lists out of order");
            assert_eq!(part(&keys, 16), Err(error));
        }
        for size in [0, 3, 5, 17, u64::MAX] {
            assert!(part(core::slice::from_ref(&early), size).is_err(), "{size}");
        }
    }
}
