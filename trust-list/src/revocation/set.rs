//! The one question: is this certificate revoked?

use alloc::{boxed::Box, collections::BTreeMap, vec, vec::Vec};
use core::ops::Deref;
use once_cell::race::OnceBox;

use hcert::{kid::Kid, time::Timestamp};
use sha2::{Digest, Sha256};

use super::{
    Filters, FiltersError, HashKind, HashLists, Index, ListKey, Month, PartError, RevocationHash,
    RevocationId, Role, Slice, SliceEntry, Subject,
};

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Somebody who speaks for the certificate says that it is not.
    NotRevoked,
    /// It is.
    Revoked {
        /// Who says so.
        source: Source,
    },
    /// Nobody in hand can say. Never to be taken for "not revoked".
    Unknown {
        /// Why.
        why: Why,
    },
}

/// Who says that a certificate is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// An exact slice of the issuer's.
    Slice,
    /// A list of whole hashes.
    HashList,
    /// A filter, or a list of shortened hashes: approximate. It may meet a certificate that nobody
    /// revoked, as rarely as its maker chose (the EU's filters: one in 10^12).
    Filter,
}

/// Why nobody can say whether a certificate is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// No slice and no list speaks for its kid, its country or its month.
    #[error("no revocation list in hand covers this certificate")]
    NotCovered,
    /// It was issued after the last revocation list that covers its kid.
    #[error("the certificate is younger than the revocation list; update")]
    Younger,
    /// Its month is covered, but nothing is known to have been issued in it.
    #[error("the issuer's revocation list knows no certificate of that month")]
    NothingIssued,
    /// It lacks what the lists go by.
    #[error("the certificate has no identifier or time of issue that revocation lists go by")]
    NoIdentifier,
    /// A slice that the index names is not in hand.
    #[error("a part of the revocation list is missing; update")]
    Missing,
    /// A part is damaged, or not the one that was named.
    #[error("a part of the revocation list is damaged; update")]
    Damaged,
}

/// A slice that is opened when it is first asked; by two threads at once, perhaps twice.
#[derive(Debug, Clone)]
struct Lazy<P> {
    part: P,
    opened: OnceBox<Option<Slice<P>>>,
}

/// Everything about revocation that is in hand.
///
/// Parts come as shared bytes. What could not be read is remembered: it turns "not revoked" into
/// "unknown".
#[derive(Debug, Clone)]
pub struct Revocations<P> {
    indexes: Vec<Index>,
    slices: BTreeMap<[u8; 32], Lazy<P>>,
    lists: Vec<HashLists<P>>,
    filters: Vec<Filters<P>>,
    /// Where to look for a kid: those of the kid itself, and those of none.
    places: BTreeMap<Option<Kid>, Vec<Place>>,
    /// Lists and filters, in the order they were added.
    all: Vec<Place>,
    unreadable: bool,
}

/// One list or filter: the part, and which of those in it.
#[derive(Debug, Clone, Copy)]
enum Place {
    List(usize, usize),
    Filter(usize, usize),
}

impl<P> Default for Revocations<P> {
    fn default() -> Self {
        Revocations {
            indexes: Vec::new(),
            slices: BTreeMap::new(),
            lists: Vec::new(),
            filters: Vec::new(),
            places: BTreeMap::new(),
            all: Vec::new(),
            unreadable: false,
        }
    }
}

impl<P: Deref<Target = [u8]> + Clone> Revocations<P> {
    /// Adds a part `revocation-index`.
    ///
    /// # Errors
    /// If it is damaged; then nothing but a slice says "not revoked" any more.
    pub fn add_index(&mut self, part: &[u8]) -> Result<(), PartError> {
        let index = Index::read(part).inspect_err(|_| self.unreadable = true)?;
        self.indexes.push(index);
        Ok(())
    }

    /// Adds a slice under the SHA-256 that it should have. Costs nothing: digest and header are
    /// checked when it is first asked.
    pub fn add_slice(&mut self, digest: [u8; 32], part: P) {
        let opened = OnceBox::new();
        self.slices.insert(digest, Lazy { part, opened });
    }

    /// Adds a part `revocation-hashes`. Its digest must have been checked.
    ///
    /// # Errors
    /// As for [`Revocations::add_index`].
    pub fn add_hashes(&mut self, part: P) -> Result<(), PartError> {
        let lists = HashLists::open(part).inspect_err(|_| self.unreadable = true)?;
        let number = self.lists.len();
        for (list, (key, _)) in lists.lists().enumerate() {
            let place = Place::List(number, list);
            self.places.entry(key.kid.clone()).or_default().push(place);
            self.all.push(place);
        }
        self.lists.push(lists);
        Ok(())
    }

    /// Adds a part `revocation-filter`. Its digest must have been checked.
    ///
    /// # Errors
    /// As for [`Revocations::add_index`].
    pub fn add_filters(&mut self, part: P) -> Result<(), FiltersError> {
        let filters = Filters::open(part).inspect_err(|_| self.unreadable = true)?;
        let number = self.filters.len();
        for (filter, key) in filters.keys().enumerate() {
            let place = Place::Filter(number, filter);
            self.places.entry(key.kid.clone()).or_default().push(place);
            self.all.push(place);
        }
        self.filters.push(filters);
        Ok(())
    }

    /// Says that a list which belongs here is not in hand, so that no other can answer for it.
    pub fn add_missing(&mut self) {
        self.unreadable = true;
    }

    /// Whether there is nothing at all.
    pub fn is_empty(&self) -> bool {
        self.indexes.is_empty() && self.all.is_empty() && !self.unreadable
    }

    /// Whether the certificate is revoked, as far as is known at an instant: lists that have
    /// expired no longer count.
    ///
    /// On any list: revoked. Else the issuer's slices decide, where the index names the kid; else
    /// the certificate is not revoked if a list speaks for its kid or country.
    pub fn status(&self, subject: &Subject<'_>, at: Timestamp) -> Status {
        let (mut covered, mut unable) = (false, false);
        let mut hashes = Hashes::new(*subject);
        for place in self.places_of(subject.kid) {
            let Some(key) = self.key(place).filter(|key| key.is_in_force(at)) else {
                continue;
            };
            if let Some(source) = self.find(place, hashes.of(key.kind)) {
                return Status::Revoked { source };
            }
            let country = key.country.as_deref();
            if country.is_some_and(|country| subject.country == Some(country)) || key.kid.is_some()
            {
                covered = true;
                unable |= !subject.has(key.kind);
            }
        }
        match self.slice_status(subject) {
            Some(status) => status,
            None if self.unreadable => unknown(Why::Damaged),
            None if unable => unknown(Why::NoIdentifier),
            None if covered => Status::NotRevoked,
            None => unknown(Why::NotCovered),
        }
    }

    /// The places where a certificate of a kid may be: of an unknown one, everywhere.
    fn places_of(&self, kid: Option<&Kid>) -> impl Iterator<Item = Place> {
        let of = |kid: Option<Kid>| self.places.get(&kid).map_or(&[][..], Vec::as_slice);
        let (own, any) = match kid {
            Some(kid) => (of(Some(kid.clone())), of(None)),
            None => (self.all.as_slice(), &[][..]),
        };
        own.iter().chain(any).copied()
    }

    fn key(&self, place: Place) -> Option<&ListKey> {
        match place {
            Place::List(part, list) => Some(self.lists.get(part)?.key(list)?),
            Place::Filter(part, filter) => Some(self.filters.get(part)?.key(filter)?),
        }
    }

    fn find(&self, place: Place, hashes: &[RevocationHash]) -> Option<Source> {
        match place {
            Place::List(part, list) => {
                let lists = self.lists.get(part)?;
                let found = hashes.iter().any(|hash| lists.holds(list, hash));
                found.then(|| match lists.is_exact(list) {
                    true => Source::HashList,
                    false => Source::Filter,
                })
            }
            Place::Filter(part, filter) => {
                let filters = self.filters.get(part)?;
                let found = hashes.iter().any(|hash| filters.contains(filter, hash));
                found.then_some(Source::Filter)
            }
        }
    }

    /// What the issuer's slices say; `None` if no index names the kid.
    fn slice_status(&self, subject: &Subject<'_>) -> Option<Status> {
        let kid = subject.kid?;
        let answers = self.indexes.iter().filter_map(|index| {
            let entry = index.kid(kid)?;
            let (Some(issued_at), false) = (subject.issued_at, subject.identifiers.is_empty())
            else {
                return Some(unknown(Why::NoIdentifier));
            };
            let month = Month::of(issued_at);
            let why = match entry.slice(month) {
                Some(slice) => return Some(self.ask(kid, slice, subject, issued_at)),
                None if issued_at > index.built => Why::Younger,
                None if (entry.from..=entry.to).contains(&month) => Why::NothingIssued,
                None => Why::NotCovered,
            };
            Some(unknown(why))
        });
        // With several publishers: revoked if one says so, else unknown if one does not know.
        answers.reduce(|a, b| match (a, b) {
            (Status::Revoked { .. }, _) | (Status::Unknown { .. }, Status::NotRevoked) => a,
            (Status::Unknown { .. }, Status::Unknown { .. }) => a,
            _ => b,
        })
    }

    fn ask(&self, kid: &Kid, entry: &SliceEntry, subject: &Subject<'_>, at: Timestamp) -> Status {
        // Of a certificate that a slice was not built over, it says anything.
        if at > entry.complete_until {
            return unknown(Why::Younger);
        }
        let mut layers = vec![(entry.base, Role::Base)];
        layers.extend(entry.layer.map(|layer| (layer, Role::Layer)));
        let mut opened = Vec::with_capacity(2);
        for (digest, role) in layers {
            let Some(lazy) = self.slices.get(&digest) else {
                return unknown(Why::Missing);
            };
            let slice = lazy.open(&digest).filter(|slice| {
                let base = slice.base().is_none_or(|base| base == entry.base);
                let own = *slice.kid() == *kid && slice.month() == entry.month;
                own && base && slice.role() == role
            });
            match slice {
                Some(slice) => opened.push(slice),
                None => return unknown(Why::Damaged),
            }
        }
        let mut identifiers = subject.identifiers.iter();
        let revoked = identifiers.any(|identifier| {
            let id = RevocationId::of_identifier(identifier);
            let mut slices = opened.iter();
            slices.any(|slice| at <= slice.until() && slice.contains(&id))
        });
        match revoked {
            true => Status::Revoked {
                source: Source::Slice,
            },
            false => Status::NotRevoked,
        }
    }
}

fn unknown(why: Why) -> Status {
    Status::Unknown { why }
}

impl<P: Deref<Target = [u8]> + Clone> Lazy<P> {
    fn open(&self, digest: &[u8; 32]) -> Option<&Slice<P>> {
        let open = || {
            let found: [u8; 32] = Sha256::digest(&*self.part).into();
            let slice = (found == *digest).then(|| Slice::open(self.part.clone()).ok());
            Box::new(slice.flatten())
        };
        self.opened.get_or_init(open).as_ref()
    }
}

/// The hashes of a certificate, each kind made when it is first needed.
struct Hashes<'a> {
    subject: Subject<'a>,
    made: [Option<Vec<RevocationHash>>; 3],
}

impl<'a> Hashes<'a> {
    fn new(subject: Subject<'a>) -> Hashes<'a> {
        let made = [None, None, None];
        Hashes { subject, made }
    }

    fn of(&mut self, kind: HashKind) -> &[RevocationHash] {
        let [signature, uci, country] = &mut self.made;
        let made = match kind {
            HashKind::Signature => signature,
            HashKind::Uci => uci,
            HashKind::CountryCodeUci => country,
        };
        made.get_or_insert_with(|| self.subject.hashes(kind).collect())
    }
}
