//! Which slices there are, and which certificates they speak for: part `revocation-index`.

use alloc::vec::Vec;

use hcert::{kid::Kid, time::Timestamp};

use super::{
    HashKind, Month, PartError,
    cbor::{MOST_ENTRIES, Reader, Writer},
};

/// The slices of one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SliceEntry {
    /// The month of issue.
    pub month: Month,
    /// Base and layer together speak for every certificate issued up to here. May lie behind the
    /// time of the slices themselves: of those issued in between, none is revoked.
    pub complete_until: Timestamp,
    /// Certificates issued in the month up to then.
    pub issued: u64,
    /// Those of them that are revoked.
    pub revoked: u64,
    /// SHA-256 of the base.
    pub base: [u8; 32],
    /// SHA-256 of the layer, if anything was revoked since the base.
    pub layer: Option<[u8; 32]>,
}

/// One kid, and the months for which all is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KidEntry {
    /// The kid.
    pub kid: Kid,
    /// First month covered.
    pub from: Month,
    /// Last month covered.
    pub to: Month,
    /// A slice for each covered month in which certificates were issued, ascending.
    pub slices: Vec<SliceEntry>,
}

impl KidEntry {
    /// The slices of a month.
    pub fn slice(&self, month: Month) -> Option<&SliceEntry> {
        let place = self
            .slices
            .binary_search_by_key(&month, |slice| slice.month);
        self.slices.get(place.ok()?)
    }
}

/// The index of a publisher's slices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// When it was built.
    pub built: Timestamp,
    /// Ascending by kid.
    pub kids: Vec<KidEntry>,
}

impl Index {
    /// Reads the part.
    ///
    /// # Errors
    /// If it is not an index in its canonical form: kids and months ascending, months within what
    /// is covered, no more revoked than issued, integers in their shortest form.
    pub fn read(bytes: &[u8]) -> Result<Index, PartError> {
        let mut reader = Reader::begin(bytes, 4)?;
        let built = reader.time("the time of building")?;
        if reader.kind()? != HashKind::Uci {
            return Err(reader.error("the kind of hash (UCI)"));
        }
        let mut budget = MOST_ENTRIES;
        let mut kids = Vec::new();
        for _ in 0..reader.entries("the kids")? {
            kids.push(KidEntry::read(&mut reader, &mut budget)?);
        }
        reader.end()?;
        let index = Index { built, kids };
        index.check()?;
        // There is one way to write it, so what was read is what its digest is of.
        match index.write_unchecked() == bytes {
            true => Ok(index),
            false => Err(PartError::NotCanonical("a longer form than needed")),
        }
    }

    /// The part's bytes.
    ///
    /// # Errors
    /// If it is not in order, as for [`Index::read`].
    pub fn write(&self) -> Result<Vec<u8>, PartError> {
        self.check()?;
        Ok(self.write_unchecked())
    }

    /// The entry of a kid.
    pub fn kid(&self, kid: &Kid) -> Option<&KidEntry> {
        let place = self.kids.binary_search_by(|entry| entry.kid.cmp(kid));
        self.kids.get(place.ok()?)
    }

    fn check(&self) -> Result<(), PartError> {
        if !self.kids.is_sorted_by(|a, b| a.kid < b.kid) {
            return Err(PartError::NotCanonical("kids out of order"));
        }
        for kid in &self.kids {
            if !kid.slices.is_sorted_by(|a, b| a.month < b.month) {
                return Err(PartError::NotCanonical("months out of order"));
            }
            for slice in &kid.slices {
                if !(kid.from..=kid.to).contains(&slice.month) {
                    return Err(PartError::NotCanonical("a month that is not covered"));
                }
                if slice.revoked > slice.issued {
                    return Err(PartError::NotCanonical("more revoked than issued"));
                }
            }
        }
        Ok(())
    }

    fn write_unchecked(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.array(4).uint(1).time(self.built);
        out.uint(HashKind::Uci.number().into())
            .array(self.kids.len());
        for kid in &self.kids {
            out.array(4).bytes(kid.kid.as_bytes());
            out.uint(kid.from.number().into())
                .uint(kid.to.number().into());
            out.array(kid.slices.len());
            for slice in &kid.slices {
                out.array(6).uint(slice.month.number().into());
                out.time(slice.complete_until);
                out.uint(slice.issued).uint(slice.revoked);
                out.bytes(&slice.base);
                out.optional(slice.layer, |out, digest| {
                    out.bytes(&digest);
                });
            }
        }
        out.finish()
    }
}

impl KidEntry {
    fn read(reader: &mut Reader<'_>, budget: &mut u64) -> Result<KidEntry, PartError> {
        reader.array("a kid's entry", 4)?;
        let kid = reader.kid()?;
        let [from, to] = [month(reader)?, month(reader)?];
        let count = reader.entries("the slices")?;
        *budget = budget
            .checked_sub(count)
            .ok_or(PartError::TooMany(MOST_ENTRIES + 1))?;
        let mut slices = Vec::new();
        for _ in 0..count {
            reader.array("a slice's entry", 6)?;
            slices.push(SliceEntry {
                month: month(reader)?,
                complete_until: reader.time("the time of completeness")?,
                issued: reader.uint("the number issued")?,
                revoked: reader.uint("the number revoked")?,
                base: reader.digest("the base's digest")?,
                layer: reader.optional(|reader| reader.digest("the layer's digest"))?,
            });
        }
        Ok(KidEntry {
            kid,
            from,
            to,
            slices,
        })
    }
}

fn month(reader: &mut Reader<'_>) -> Result<Month, PartError> {
    let number = u32::try_from(reader.uint("the month")?).ok();
    number
        .and_then(Month::from_number)
        .ok_or(reader.error("the month"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(month: &str) -> SliceEntry {
        SliceEntry {
            month: month.parse().unwrap(),
            complete_until: "2026-03-20T00:00:00Z".parse().unwrap(),
            issued: 1000,
            revoked: 10,
            base: [1; 32],
            layer: None,
        }
    }

    fn index(kids: &[&[u8]], months: &[&str]) -> Index {
        let kid = |kid: &&[u8]| KidEntry {
            kid: Kid::from_bytes(kid),
            from: "2026-01".parse().unwrap(),
            to: "2026-12".parse().unwrap(),
            slices: months.iter().map(|month| entry(month)).collect(),
        };
        Index {
            built: "2026-03-20T01:00:00Z".parse().unwrap(),
            kids: kids.iter().map(kid).collect(),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let index = index(&[b"kid 1", b"kid 2"], &["2026-01", "2026-03"]);
        let part = index.write().unwrap();
        assert_eq!(Index::read(&part).as_ref(), Ok(&index));
        let kid = index.kid(&Kid::from_bytes(b"kid 2")).unwrap();
        assert!(kid.slice("2026-03".parse().unwrap()).is_some());
        assert!(kid.slice("2026-02".parse().unwrap()).is_none());
        assert!(index.kid(&Kid::from_bytes(b"kid 3")).is_none());
        for length in 0..part.len() {
            assert!(Index::read(&part[..length]).is_err(), "{length}");
        }
        assert_eq!(
            Index::read(&[&part[..], &[0]].concat()),
            Err(PartError::Trailing)
        );
    }

    #[test]
    fn only_the_canonical_form() {
        let mut wrong = entry("2026-03");
        wrong.revoked = 1001;
        let mut more_revoked = index(&[b"kid 1"], &[]);
        more_revoked.kids[0].slices.push(wrong);
        for (index, complaint) in [
            (index(&[b"kid 2", b"kid 1"], &[]), "kids out of order"),
            (index(&[b"kid 1", b"kid 1"], &[]), "kids out of order"),
            (
                index(&[b"kid 1"], &["2026-03", "2026-01"]),
                "months out of order",
            ),
            (
                index(&[b"kid 1"], &["2027-01"]),
                "a month that is not covered",
            ),
            (more_revoked, "more revoked than issued"),
        ] {
            let error = Err(PartError::NotCanonical(complaint));
            assert_eq!(index.write(), error.map(|(): ()| Vec::new()));
            assert_eq!(Index::read(&index.write_unchecked()).map(drop), error);
        }
        // The version, 1, in two bytes.
        let mut part = index(&[b"kid 1"], &[]).write().unwrap();
        part.splice(1..2, [0x18, 1]);
        let error = PartError::NotCanonical("a longer form than needed");
        assert_eq!(Index::read(&part), Err(error));
        part.splice(1..3, [2]);
        assert_eq!(Index::read(&part), Err(PartError::Version(2)));
    }
}
