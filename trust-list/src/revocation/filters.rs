//! Other people's filters, carried as they are: part `revocation-filter`.

use alloc::{boxed::Box, vec::Vec};
use core::ops::{Deref, Range};

use super::{
    ListKey, PartError, RevocationHash,
    bloom::{Bloom, FilterError},
    cbor::{Reader, Writer},
    partial::Partial,
};

/// A filter to be carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// What it is of.
    pub key: ListKey,
    /// The hexadecimal digits that all its hashes begin with: partition, then chunk, lower case.
    pub prefix: Box<str>,
    /// Its form.
    pub form: FilterForm,
    /// Its bytes, as its maker wrote them.
    pub bytes: Vec<u8>,
}

/// The forms of filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FilterForm {
    /// The EU's Bloom filter.
    Bloom,
    /// The EU's partial variable hash filter.
    Partial,
}

/// Why a part of filters could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FiltersError {
    /// The part around them.
    #[error(transparent)]
    Part(#[from] PartError),
    /// One of them.
    #[error(transparent)]
    Filter(#[from] FilterError),
}

impl Filter {
    /// The part with these filters.
    ///
    /// # Errors
    /// If one of them could not be opened again.
    pub fn write(mut filters: Vec<Filter>) -> Result<Vec<u8>, FiltersError> {
        filters.sort_by(|a, b| a.order().cmp(&b.order()));
        let mut out = Writer::new();
        out.array(2).uint(1).array(filters.len());
        for filter in &filters {
            out.array(7);
            filter.key.write(&mut out);
            out.text(&filter.prefix);
            out.uint(match filter.form {
                FilterForm::Bloom => 1,
                FilterForm::Partial => 2,
            });
            out.bytes(&filter.bytes);
        }
        let part = out.finish();
        Filters::open(part.as_slice())?;
        Ok(part)
    }

    fn order(&self) -> (&ListKey, &str, FilterForm, &[u8]) {
        (&self.key, &self.prefix, self.form, &self.bytes)
    }
}

/// An opened part of filters.
#[derive(Debug, Clone)]
pub struct Filters<P> {
    filters: Vec<Opened>,
    part: P,
}

#[derive(Debug, Clone)]
struct Opened {
    key: ListKey,
    prefix: Box<str>,
    form: FilterForm,
    place: Range<usize>,
}

impl<P: Deref<Target = [u8]>> Filters<P> {
    /// Opens a part, and each filter in it once.
    ///
    /// # Errors
    /// If it or a filter in it is damaged, or no hash of 16 bytes could ever be found in one.
    pub fn open(part: P) -> Result<Filters<P>, FiltersError> {
        let mut reader = Reader::begin(&part, 2)?;
        let mut filters: Vec<Opened> = Vec::new();
        for _ in 0..reader.entries("the filters")? {
            reader.array("a filter", 7)?;
            let key = ListKey::read(&mut reader)?;
            let prefix = reader.text("the prefix")?;
            if prefix.len() > 8 || !prefix.bytes().all(|b| b"0123456789abcdef".contains(&b)) {
                return Err(reader
                    .error("the prefix (up to 8 hexadecimal digits)")
                    .into());
            }
            let form = match reader.uint("the form")? {
                1 => FilterForm::Bloom,
                2 => FilterForm::Partial,
                _ => return Err(reader.error("a known form of filter").into()),
            };
            let bytes = reader.bytes("the filter")?;
            match form {
                FilterForm::Bloom => {
                    Bloom::open(bytes)?;
                }
                FilterForm::Partial => {
                    if Partial::open(bytes)?.size() > 16 {
                        return Err(FilterError("its hashes have more than 16 bytes").into());
                    }
                }
            }
            let end = reader.0.position();
            filters.push(Opened {
                key,
                prefix: prefix.into(),
                form,
                place: end.saturating_sub(bytes.len())..end,
            });
        }
        reader.end()?;
        Ok(Filters { filters, part })
    }

    /// What each filter is of.
    pub fn keys(&self) -> impl Iterator<Item = &ListKey> {
        self.filters.iter().map(|filter| &filter.key)
    }

    pub(super) fn key(&self, index: usize) -> Option<&ListKey> {
        self.filters.get(index).map(|filter| &filter.key)
    }

    /// Whether a filter may hold a hash. `index` counts as [`Filters::keys`] does.
    pub(super) fn contains(&self, index: usize, hash: &RevocationHash) -> bool {
        let Some(filter) = self.filters.get(index) else {
            return false;
        };
        if !begins_with(hash, &filter.prefix) {
            return false;
        }
        let bytes = self.part.get(filter.place.clone()).unwrap_or_default();
        match filter.form {
            FilterForm::Bloom => Bloom::open(bytes).is_ok_and(|filter| filter.contains(hash)),
            FilterForm::Partial => Partial::open(bytes).is_ok_and(|filter| filter.contains(hash)),
        }
    }
}

/// Whether the hash, in hexadecimal, begins with these digits.
fn begins_with(hash: &RevocationHash, digits: &str) -> bool {
    let halves = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let wanted = digits.chars().map(|digit| digit.to_digit(16));
    wanted
        .zip(halves)
        .all(|(wanted, half)| wanted == Some(half.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revocation::{HashKind, partial::make_partial};

    fn filter(prefix: &str, bytes: Vec<u8>) -> Filter {
        Filter {
            key: ListKey {
                kind: HashKind::Signature,
                kid: None,
                country: None,
                expires: None,
            },
            prefix: prefix.into(),
            form: FilterForm::Partial,
            bytes,
        }
    }

    #[test]
    fn a_filter_is_for_its_prefix() {
        let hash = [0xa7; 16];
        let bytes = make_partial(1e-12, 8, &[&hash]).unwrap();
        for (prefix, found) in [
            ("", true),
            ("a", true),
            ("a7a", true),
            ("b", false),
            ("a6", false),
        ] {
            let part = Filter::write(vec![filter(prefix, bytes.clone())]).unwrap();
            let filters = Filters::open(part).unwrap();
            assert_eq!(filters.contains(0, &hash), found, "{prefix}");
            assert!(!filters.contains(0, &[0xa8; 16]));
        }
        assert!(Filter::write(vec![filter("A7", bytes)]).is_err());
    }

    #[test]
    fn refuses_what_could_never_hit() {
        let part = [&[0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 17][..]].concat();
        let error = FilterError("its hashes have more than 16 bytes");
        assert_eq!(
            Filter::write(vec![filter("", part)]),
            Err(FiltersError::Filter(error))
        );
    }
}
