//! One stage of a certificate after the other, each a plain value that a recipe may spoil before
//! it goes on: content, claims, token, headers, message, stream, text.

use hcert::base45;

use super::{cbor::Item, certificate::ecdsa_der, trust::Dsc, zlib};

/// When the certificates were issued, when they end, and when they are looked at.
pub(super) const ISSUED_AT: i64 = 1_768_464_000;
pub(super) const EXPIRES_AT: i64 = 1_800_000_000;
pub(super) const NOW: i64 = 1_772_352_000;

/// Keys of claims (RFC 8392 section 4; HCERT section 3.3).
pub(super) const ISS: i64 = 1;
pub(super) const EXP: i64 = 4;
pub(super) const NBF: i64 = 5;
pub(super) const IAT: i64 = 6;
pub(super) const HCERT: i64 = -260;

/// Labels of headers (RFC 9052 section 3.1).
pub(super) const ALG: i64 = 1;
pub(super) const KID: i64 = 4;

/// Claims of a CWT.
#[derive(Debug, Clone)]
pub(super) struct Claims(pub(super) Vec<(Item, Item)>);

impl Claims {
    /// An EU DCC.
    pub(super) fn of(content: Item) -> Claims {
        Claims::of_subclaim(1, content)
    }

    /// Content under any sub-claim of hcert.
    pub(super) fn of_subclaim(subclaim: i64, content: Item) -> Claims {
        let hcert = Item::Map(vec![(subclaim.into(), content)]);
        Claims(vec![
            (ISS.into(), "XX".into()),
            (EXP.into(), EXPIRES_AT.into()),
            (IAT.into(), ISSUED_AT.into()),
            (HCERT.into(), hcert),
        ])
    }

    /// The same with another value of a claim.
    pub(super) fn with(mut self, key: i64, value: impl Into<Item>) -> Claims {
        let value = value.into();
        for (_, old) in self.0.iter_mut().filter(|(name, _)| *name == key.into()) {
            *old = value.clone();
        }
        self
    }

    /// The same with one more entry, whether its key is there already or not.
    pub(super) fn plus(mut self, key: impl Into<Item>, value: impl Into<Item>) -> Claims {
        self.0.insert(self.0.len() - 1, (key.into(), value.into()));
        self
    }

    /// The same without a claim.
    pub(super) fn without(mut self, key: i64) -> Claims {
        self.0.retain(|(name, _)| *name != key.into());
        self
    }

    pub(super) fn to_cwt(&self) -> Vec<u8> {
        Item::Map(self.0.clone()).to_bytes()
    }

    /// Signed as it should be.
    pub(super) fn sign(&self, dsc: &Dsc) -> Message {
        Headers::of(dsc).sign(self.to_cwt(), dsc)
    }

    /// All stages after this one as they should be.
    pub(super) fn seal(&self, dsc: &Dsc) -> String {
        self.sign(dsc).seal()
    }
}

/// The two headers and the signing.
#[derive(Debug, Clone)]
pub(super) struct Headers {
    /// A map; encoded into a byte string.
    pub(super) protected: Item,
    /// A map.
    pub(super) unprotected: Item,
    /// The context string of the Sig_structure (RFC 9052 section 4.4).
    pub(super) context: &'static str,
}

impl Headers {
    /// Algorithm and kid, both protected.
    pub(super) fn of(dsc: &Dsc) -> Headers {
        let alg = dsc.key.algorithm().cose();
        Headers {
            protected: Item::Map(vec![
                (ALG.into(), alg.into()),
                (KID.into(), Item::Bytes(dsc.kid.clone())),
            ]),
            unprotected: Item::Map(Vec::new()),
            context: "Signature1",
        }
    }

    /// The same with other protected headers.
    pub(super) fn protecting(self, entries: Vec<(Item, Item)>) -> Headers {
        Headers {
            protected: Item::Map(entries),
            ..self
        }
    }

    /// The same with other unprotected headers.
    pub(super) fn beside(self, entries: Vec<(Item, Item)>) -> Headers {
        Headers {
            unprotected: Item::Map(entries),
            ..self
        }
    }

    /// The bytes that are signed.
    pub(super) fn to_be_signed(&self, payload: &[u8]) -> Vec<u8> {
        Item::Array(vec![
            self.context.into(),
            Item::Bytes(self.protected.to_bytes()),
            Item::Bytes(Vec::new()),
            Item::Bytes(payload.to_vec()),
        ])
        .to_bytes()
    }

    /// Signs a payload.
    pub(super) fn sign(self, payload: Vec<u8>, dsc: &Dsc) -> Message {
        let signature = dsc.key.sign(&self.to_be_signed(&payload));
        self.with_signature(payload, signature)
    }

    /// Puts any signature under a payload.
    pub(super) fn with_signature(self, payload: Vec<u8>, signature: Vec<u8>) -> Message {
        Message {
            tags: vec![18],
            protected: self.protected.to_bytes(),
            unprotected: self.unprotected,
            payload,
            signature,
        }
    }
}

/// A COSE_Sign1 message.
#[derive(Debug, Clone)]
pub(super) struct Message {
    /// From the outermost.
    pub(super) tags: Vec<u64>,
    pub(super) protected: Vec<u8>,
    pub(super) unprotected: Item,
    pub(super) payload: Vec<u8>,
    pub(super) signature: Vec<u8>,
}

impl Message {
    /// The same with another signature.
    pub(super) fn signed(self, signature: Vec<u8>) -> Message {
        Message { signature, ..self }
    }

    /// The same with other tags.
    pub(super) fn tagged(self, tags: &[u64]) -> Message {
        Message {
            tags: tags.to_vec(),
            ..self
        }
    }

    /// The four parts.
    pub(super) fn parts(&self) -> Vec<Item> {
        vec![
            Item::Bytes(self.protected.clone()),
            self.unprotected.clone(),
            Item::Bytes(self.payload.clone()),
            Item::Bytes(self.signature.clone()),
        ]
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        tagged(Item::Array(self.parts()), &self.tags).to_bytes()
    }

    /// All stages after this one as they should be.
    pub(super) fn seal(&self) -> String {
        seal(&self.to_bytes())
    }

    /// The signature in the form X.509 has it.
    pub(super) fn der_signature(&self) -> Vec<u8> {
        ecdsa_der(&self.signature)
    }
}

/// An item within tags, the first outermost.
pub(super) fn tagged(item: Item, tags: &[u64]) -> Item {
    tags.iter().rev().fold(item, |item, tag| item.tagged(*tag))
}

/// Compressed and written as text.
pub(super) fn seal(message: &[u8]) -> String {
    text(&zlib::stream(message))
}

/// A stream as text.
pub(super) fn text(stream: &[u8]) -> String {
    ["HC1:", &base45::encode(stream)].concat()
}
