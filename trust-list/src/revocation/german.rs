//! The German revocation tree: signed files that name each other, down to lists of hashes.
//!
//! ```text
//! kid.lst                                  { kid: { kind: count } }
//! <kid><kind>/index.lst                    { byte1: [time, count, { byte2: [time, count] }] }
//! <kid><kind>/<byte1>/chunk.lst            [ hash ]
//! <kid><kind>/<byte1>/<byte2>/chunk.lst    [ hash ]
//! ```
//!
//! Names are in lower-case hexadecimal; kinds and bytes are byte strings of length 1. Each file is
//! the payload of a COSE_Sign1.

use alloc::{borrow::ToOwned, collections::BTreeMap, format, string::String, vec::Vec};

use hcert::{
    cose::{CoseError, Sign1},
    keys::PublicKey,
    kid::Kid,
    limits::Limits,
};
use minicbor::Decoder;

use super::{HashKind, HashListBuilder, ListKey, RevocationHash};

/// Most kids, and most hashes of one file.
const MOST_KIDS: u64 = 1 << 16;
const MOST_HASHES: u64 = 1 << 20;

/// Why a tree was not taken. It is taken as a whole or not at all: with a file missing, revoked
/// certificates would pass.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TreeError {
    /// A file that another names is not there.
    #[error("the file {0} is missing; fetch the whole tree again")]
    Missing(String),
    /// A file is no COSE_Sign1 message.
    #[error("the file {0} is no signed message: {1}")]
    Message(String, CoseError),
    /// A file's signature is not by the given key.
    #[error("the signature of the file {0} does not hold; check the key, or fetch the tree again")]
    Signature(String),
    /// A file's content is not what belongs there.
    #[error("the file {file} is damaged: {what} is missing or of another kind")]
    Content {
        /// The file.
        file: String,
        /// What belongs there.
        what: &'static str,
    },
    /// There are fewer hashes than announced.
    #[error("{file} announces {announced} hashes, but there are {found}")]
    Incomplete {
        /// The file that announces.
        file: String,
        /// How many it announces.
        announced: u64,
        /// How many there are.
        found: u64,
    },
}

/// Reads a whole tree: its files by their path below the tree's root. Kinds of hash that are not
/// known are refused, because their certificates could not be told.
///
/// The signature of each file is checked if there is a key; without one the operator vouches for
/// them.
///
/// # Errors
/// At the first file that is missing, damaged, or not signed by the key.
pub fn import_tree<B: AsRef<[u8]>>(
    files: &BTreeMap<String, B>,
    key: Option<&PublicKey>,
    lists: &mut HashListBuilder,
) -> Result<(), TreeError> {
    let tree = Tree { files, key };
    let mut found = Vec::new();
    for (kid, kinds) in tree.kids()? {
        for (kind, announced) in kinds {
            let hashes = tree.hashes(&kid, kind)?;
            complete("kid.lst", announced, hashes.len())?;
            found.push((kid.clone(), kind, hashes));
        }
    }
    for (kid, kind, hashes) in found {
        let key = ListKey {
            kind,
            kid: Some(kid),
            country: None,
            expires: None,
        };
        lists.list(key).extend(hashes);
    }
    Ok(())
}

struct Tree<'a, B> {
    files: &'a BTreeMap<String, B>,
    key: Option<&'a PublicKey>,
}

/// A file that is being read.
struct File<'a> {
    name: String,
    content: Decoder<'a>,
}

type Kinds = Vec<(HashKind, u64)>;

impl<'a, B: AsRef<[u8]>> Tree<'a, B> {
    fn open(&self, name: String) -> Result<File<'a>, TreeError> {
        let Some(bytes) = self.files.get(&name) else {
            return Err(TreeError::Missing(name));
        };
        let message = Sign1::parse(bytes.as_ref(), &Limits::DEFAULT)
            .map_err(|error| TreeError::Message(name.clone(), error))?;
        if let Some(key) = self.key {
            // The key knows its algorithm; the message has to name the same or none.
            let named = message
                .alg()
                .is_none_or(|alg| alg == key.algorithm().cose());
            let holds = key.verify(&message.to_be_signed(), message.signature());
            if !named || holds.is_err() {
                return Err(TreeError::Signature(name));
            }
        }
        let content = Decoder::new(message.payload());
        Ok(File { name, content })
    }

    fn kids(&self) -> Result<Vec<(Kid, Kinds)>, TreeError> {
        let mut file = self.open("kid.lst".to_owned())?;
        let mut kids = Vec::new();
        for _ in 0..file.map("the kids", MOST_KIDS)? {
            let kid = file.bytes("a kid")?;
            if !(1..=64).contains(&kid.len()) {
                return Err(file.error("a kid of 1 to 64 bytes"));
            }
            let mut kinds = Vec::new();
            for _ in 0..file.map("the kinds of a kid", 256)? {
                let kind = HashKind::from_number(file.byte("a kind")?.into());
                let kind = kind.ok_or_else(|| file.error("a known kind of hash (0a, 0b, 0c)"))?;
                kinds.push((kind, file.count()?));
            }
            kids.push((Kid::from_bytes(kid), kinds));
        }
        file.end()?;
        Ok(kids)
    }

    fn hashes(&self, kid: &Kid, kind: HashKind) -> Result<Vec<RevocationHash>, TreeError> {
        let folder = format!("{}{}", hex(kid.as_bytes()), hex(&[kind.number()]));
        let mut file = self.open(format!("{folder}/index.lst"))?;
        let mut hashes = Vec::new();
        for _ in 0..file.map("the first bytes", 256)? {
            let first = hex(&[file.byte("a first byte")?]);
            file.array("a first byte's entry", 3)?;
            file.time()?;
            let announced = file.count()?;
            let before = hashes.len();
            let seconds = file.map("the second bytes", 256)?;
            for _ in 0..seconds {
                let second = hex(&[file.byte("a second byte")?]);
                file.array("a second byte's entry", 2)?;
                file.time()?;
                let announced = file.count()?;
                let name = format!("{folder}/{first}/{second}/chunk.lst");
                let chunk = self.chunk(name.clone())?;
                complete(&name, announced, chunk.len())?;
                hashes.extend(chunk);
            }
            // A first byte has a list of its own, or lists below it, or both.
            let name = format!("{folder}/{first}/chunk.lst");
            if seconds == 0 || self.files.contains_key(&name) {
                hashes.extend(self.chunk(name)?);
            }
            complete(&file.name, announced, hashes.len() - before)?;
        }
        file.end()?;
        Ok(hashes)
    }

    fn chunk(&self, name: String) -> Result<Vec<RevocationHash>, TreeError> {
        let mut file = self.open(name)?;
        let mut hashes = Vec::new();
        for _ in 0..file.array_of("the hashes", MOST_HASHES)? {
            let hash = file.bytes("a hash")?;
            hashes.push(
                hash.try_into()
                    .map_err(|_| file.error("a hash of 16 bytes"))?,
            );
        }
        file.end()?;
        Ok(hashes)
    }
}

impl<'a> File<'a> {
    fn error(&self, what: &'static str) -> TreeError {
        TreeError::Content {
            file: self.name.clone(),
            what,
        }
    }

    fn map(&mut self, what: &'static str, most: u64) -> Result<u64, TreeError> {
        let length = self.content.map().ok().flatten();
        length
            .filter(|length| *length <= most)
            .ok_or_else(|| self.error(what))
    }

    fn array_of(&mut self, what: &'static str, most: u64) -> Result<u64, TreeError> {
        let length = self.content.array().ok().flatten();
        length
            .filter(|length| *length <= most)
            .ok_or_else(|| self.error(what))
    }

    fn array(&mut self, what: &'static str, length: u64) -> Result<(), TreeError> {
        match self.array_of(what, length)? {
            found if found == length => Ok(()),
            _ => Err(self.error(what)),
        }
    }

    fn bytes(&mut self, what: &'static str) -> Result<&'a [u8], TreeError> {
        self.content.bytes().map_err(|_| self.error(what))
    }

    fn byte(&mut self, what: &'static str) -> Result<u8, TreeError> {
        match self.bytes(what)? {
            [byte] => Ok(*byte),
            _ => Err(self.error(what)),
        }
    }

    fn count(&mut self) -> Result<u64, TreeError> {
        self.content.u64().map_err(|_| self.error("a count"))
    }

    fn time(&mut self) -> Result<i64, TreeError> {
        self.content.i64().map_err(|_| self.error("a time"))
    }

    fn end(&self) -> Result<(), TreeError> {
        match self.content.position() == self.content.input().len() {
            true => Ok(()),
            false => Err(self.error("the end")),
        }
    }
}

fn complete(file: &str, announced: u64, found: usize) -> Result<(), TreeError> {
    let found = u64::try_from(found).unwrap_or(u64::MAX);
    match found >= announced {
        true => Ok(()),
        false => Err(TreeError::Incomplete {
            file: file.to_owned(),
            announced,
            found,
        }),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
