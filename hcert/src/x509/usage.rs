//! Which kinds of certificate a DSC may sign (HCERT specification, annex on X.509 extensions).

use der::asn1::ObjectIdentifier;

/// The kinds of event that a DSC can be limited to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// A vaccination.
    Vaccination,
    /// A test.
    Test,
    /// A recovery.
    Recovery,
}

impl EventKind {
    /// All kinds.
    pub const ALL: [EventKind; 3] = [EventKind::Vaccination, EventKind::Test, EventKind::Recovery];

    /// The last arc of the extended key usage for this kind.
    const fn arc(self) -> u32 {
        match self {
            EventKind::Test => 1,
            EventKind::Vaccination => 2,
            EventKind::Recovery => 3,
        }
    }

    /// The extended key usage for this kind, 1.3.6.1.4.1.1847.2021.1.x.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            EventKind::Test => ObjectIdentifier::new_unwrap("1.3.6.1.4.1.1847.2021.1.1"),
            EventKind::Vaccination => ObjectIdentifier::new_unwrap("1.3.6.1.4.1.1847.2021.1.2"),
            EventKind::Recovery => ObjectIdentifier::new_unwrap("1.3.6.1.4.1.1847.2021.1.3"),
        }
    }

    /// The word for this kind.
    pub const fn name(self) -> &'static str {
        match self {
            EventKind::Vaccination => "vaccination",
            EventKind::Test => "test",
            EventKind::Recovery => "recovery",
        }
    }
}

impl core::str::FromStr for EventKind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        EventKind::ALL
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or(UnknownKind)
    }
}

/// The word is not one of vaccination, test, recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of vaccination, test, recovery")]
pub struct UnknownKind;

/// The arcs below which the kinds are numbered: the specification's, and the one with a zero too
/// many that 57 of the certificates in WHO's production list of 2026 carry.
const ARCS: [&[u32]; 2] = [
    &[1, 3, 6, 1, 4, 1, 1847, 2021, 1],
    &[1, 3, 6, 1, 4, 1, 0, 1847, 2021, 1],
];

/// What a signer may sign.
///
/// A certificate that names none of the three kinds may sign all of them; other extended key
/// usages (clientAuth is common) limit nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KeyUsage {
    vaccination: bool,
    test: bool,
    recovery: bool,
}

impl KeyUsage {
    /// No limit.
    pub const ANY: KeyUsage = KeyUsage {
        vaccination: false,
        test: false,
        recovery: false,
    };

    /// Limited to these kinds, or not limited when there are none.
    pub fn limited_to(kinds: impl IntoIterator<Item = EventKind>) -> KeyUsage {
        let mut usage = KeyUsage::ANY;
        for kind in kinds {
            match kind {
                EventKind::Vaccination => usage.vaccination = true,
                EventKind::Test => usage.test = true,
                EventKind::Recovery => usage.recovery = true,
            }
        }
        usage
    }

    /// From the extended key usages of a certificate.
    pub fn of_extended_key_usages<'a>(
        oids: impl IntoIterator<Item = &'a ObjectIdentifier>,
    ) -> KeyUsage {
        KeyUsage::limited_to(oids.into_iter().filter_map(|oid| {
            EventKind::ALL.into_iter().find(|kind| {
                ARCS.iter()
                    .any(|arc| oid.arcs().eq(arc.iter().copied().chain([kind.arc()])))
            })
        }))
    }

    /// The kinds it is limited to, empty when there is no limit.
    pub fn limits(self) -> impl Iterator<Item = EventKind> {
        EventKind::ALL
            .into_iter()
            .filter(move |kind| self.names(*kind))
    }

    /// Whether this kind may be signed.
    pub fn allows(self, kind: EventKind) -> bool {
        self == KeyUsage::ANY || self.names(kind)
    }

    fn names(self, kind: EventKind) -> bool {
        match kind {
            EventKind::Vaccination => self.vaccination,
            EventKind::Test => self.test,
            EventKind::Recovery => self.recovery,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(oids: &[&str]) -> KeyUsage {
        let oids: Vec<_> = oids
            .iter()
            .map(|oid| ObjectIdentifier::new_unwrap(oid))
            .collect();
        KeyUsage::of_extended_key_usages(&oids)
    }

    #[test]
    fn both_arcs_limit_and_foreign_usages_do_not() {
        use EventKind::*;
        const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
        for (oids, allowed) in [
            (&[][..], &[Vaccination, Test, Recovery][..]),
            (&[CLIENT_AUTH], &[Vaccination, Test, Recovery]),
            (&["1.3.6.1.4.1.1847.2021.1.2"], &[Vaccination]),
            (&["1.3.6.1.4.1.0.1847.2021.1.1", CLIENT_AUTH], &[Test]),
            (
                &["1.3.6.1.4.1.1847.2021.1.1", "1.3.6.1.4.1.0.1847.2021.1.3"],
                &[Test, Recovery],
            ),
            (
                &["1.3.6.1.4.1.1847.2021.1.4"],
                &[Vaccination, Test, Recovery],
            ),
            (
                &["1.3.6.1.4.1.1847.2021.1.2.1"],
                &[Vaccination, Test, Recovery],
            ),
        ] {
            let usage = usage(oids);
            let got: Vec<_> = EventKind::ALL
                .into_iter()
                .filter(|kind| usage.allows(*kind))
                .collect();
            assert_eq!(got, allowed, "{oids:?}");
        }
    }
}
