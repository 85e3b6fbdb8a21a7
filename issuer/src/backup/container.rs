//! The file around a backup: a line that says what it is, a line about the sealing, then gzip, sealed
//! in pieces if there is a passphrase.
//!
//! Sealing is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) with
//! XChaCha20-Poly1305, as `age` has it with another cipher: pieces of 64 KiB, each under a nonce of a
//! random beginning, its number and whether it is the last. So no piece can be left out, moved or cut
//! off unnoticed. The key comes from the passphrase by Argon2id.

use std::io::{self, BufRead, Read, Write};

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce, aead::Aead as _};
use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};
use serde::{Deserialize, Serialize};
use service::random;
use zeroize::Zeroizing;

const MAGIC: &str = "hcert issuer backup 1\n";
const PIECE: usize = 64 * 1024;
const TAG: usize = 16;
/// Bytes of the nonce that are random; four count, one says whether it is the last piece.
const PREFIX: usize = 19;
/// A guess at the passphrase costs 64 MiB and three passes.
const COST: (u32, u32, u32) = (64 * 1024, 3, 1);

/// What seals a backup.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// At least 12 characters.
    pub fn new(text: Zeroizing<String>) -> Result<Passphrase, ContainerError> {
        match text.chars().count() >= 12 {
            true => Ok(Passphrase(text)),
            false => Err(ContainerError::Short),
        }
    }

    fn key(&self, salt: &[u8], cost: (u32, u32, u32)) -> Result<XChaCha20Poly1305, ContainerError> {
        let (memory, passes, lanes) = cost;
        // What a file asks for must not fill the memory.
        if memory > 1 << 20 || passes > 100 || lanes > 16 {
            return Err(ContainerError::NoBackup);
        }
        let parameters = Params::new(memory, passes, lanes, Some(32));
        let parameters = parameters.map_err(|_| ContainerError::NoBackup)?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
        let mut key = Zeroizing::new([0; 32]);
        argon
            .hash_password_into(self.0.as_bytes(), salt, &mut key[..])
            .map_err(|_| ContainerError::NoBackup)?;
        Ok(XChaCha20Poly1305::new((&*key).into()))
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase")
    }
}

/// Why a file is no backup, or does not open.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ContainerError {
    /// Something else.
    #[error("the file is no backup of the issuer")]
    NoBackup,
    /// It is sealed.
    #[error("the backup is sealed with a passphrase: give it")]
    Sealed,
    /// It is not.
    #[error("the backup is not sealed, and a passphrase was given: is it the right file?")]
    Open,
    /// Too short.
    #[error("a passphrase has 12 characters or more")]
    Short,
    /// A piece does not open.
    #[error("the passphrase is not the right one, or the backup was changed or cut off")]
    Passphrase,
    /// No random numbers.
    #[error(transparent)]
    Random(#[from] random::NoRandom),
    /// Reading or writing.
    #[error("reading or writing the backup: {0}")]
    Io(#[from] io::Error),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    sealing: Option<Sealing>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealing {
    cipher: String,
    memory: u32,
    passes: u32,
    lanes: u32,
    salt: String,
    nonce: String,
}

const CIPHER: &str = "xchacha20poly1305-stream-argon2id";

/// Takes the lines of a backup.
pub(super) struct Writer<W: Write>(GzEncoder<Outer<W>>);

enum Outer<W: Write> {
    Open(W),
    Sealed(Box<Sealer<W>>),
}

struct Sealer<W: Write> {
    out: W,
    pieces: Pieces,
    buffer: Zeroizing<Vec<u8>>,
}

struct Pieces {
    cipher: XChaCha20Poly1305,
    prefix: [u8; PREFIX],
    number: u32,
}

impl Pieces {
    /// The nonce of the next piece.
    fn next(&mut self, last: bool) -> io::Result<XNonce> {
        let mut nonce = [0; 24];
        let (head, tail) = nonce.split_at_mut(PREFIX);
        head.copy_from_slice(&self.prefix);
        let (number, end) = tail.split_at_mut(4);
        number.copy_from_slice(&self.number.to_be_bytes());
        end.copy_from_slice(&[u8::from(last)]);
        let next = self.number.checked_add(1);
        self.number =
            next.ok_or_else(|| io::Error::other("a sealed backup has 256 TiB at most"))?;
        Ok(XNonce::from(nonce))
    }
}

impl<W: Write> Writer<W> {
    pub(super) fn new(
        mut out: W,
        passphrase: Option<&Passphrase>,
    ) -> Result<Writer<W>, ContainerError> {
        out.write_all(MAGIC.as_bytes())?;
        let mut line = |head: &Head| -> io::Result<()> {
            serde_json::to_writer(&mut out, head)?;
            out.write_all(b"\n")
        };
        let Some(passphrase) = passphrase else {
            line(&Head { sealing: None })?;
            return Ok(Writer(gzip(Outer::Open(out))));
        };
        let (salt, prefix) = (random::bytes::<16>()?, random::bytes::<PREFIX>()?);
        let (memory, passes, lanes) = COST;
        line(&Head {
            sealing: Some(Sealing {
                cipher: CIPHER.into(),
                memory,
                passes,
                lanes,
                salt: hcert::base64::encode(&salt[..]),
                nonce: hcert::base64::encode(&prefix[..]),
            }),
        })?;
        let pieces = Pieces {
            cipher: passphrase.key(&salt[..], COST)?,
            prefix: *prefix,
            number: 0,
        };
        Ok(Writer(gzip(Outer::Sealed(Box::new(Sealer {
            out,
            pieces,
            buffer: Zeroizing::new(Vec::with_capacity(PIECE)),
        })))))
    }

    /// Writes the end; nothing is whole without it.
    pub(super) fn finish(self) -> Result<W, ContainerError> {
        match self.0.finish()? {
            Outer::Open(out) => Ok(out),
            Outer::Sealed(mut sealer) => {
                sealer.piece(true)?;
                Ok(sealer.out)
            }
        }
    }
}

fn gzip<W: Write>(out: Outer<W>) -> GzEncoder<Outer<W>> {
    GzEncoder::new(out, Compression::new(4))
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<W: Write> Write for Outer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Outer::Open(out) => out.write(bytes),
            Outer::Sealed(sealer) => sealer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Outer::Open(out) => out.flush(),
            // A piece is written when it is full, or at the end.
            Outer::Sealed(sealer) => sealer.out.flush(),
        }
    }
}

impl<W: Write> Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full piece waits until there is more: only then it is known not to be the last.
        if self.buffer.len() == PIECE {
            self.piece(false)?;
        }
        let taken = bytes.len().min(PIECE - self.buffer.len());
        let (now, _) = bytes.split_at(taken);
        self.buffer.extend_from_slice(now);
        Ok(taken)
    }

    fn piece(&mut self, last: bool) -> io::Result<()> {
        let nonce = self.pieces.next(last)?;
        let sealed = self.pieces.cipher.encrypt(&nonce, self.buffer.as_slice());
        let sealed = sealed.map_err(|_| io::Error::other("a piece could not be sealed"))?;
        self.buffer.clear();
        self.out.write_all(&sealed)
    }
}

/// Gives the lines of a backup.
pub(super) fn reader<'r>(
    mut input: impl BufRead + 'r,
    passphrase: Option<&Passphrase>,
) -> Result<Box<dyn Read + 'r>, ContainerError> {
    let mut magic = String::new();
    let limited = |input: &mut dyn BufRead, line: &mut String| {
        // A line of a file that is something else may have no end.
        input
            .take(1000)
            .read_line(line)
            .map_err(|_| ContainerError::NoBackup)
    };
    limited(&mut input, &mut magic)?;
    if magic != MAGIC {
        return Err(ContainerError::NoBackup);
    }
    let mut line = String::new();
    limited(&mut input, &mut line)?;
    let head: Head = serde_json::from_str(&line).map_err(|_| ContainerError::NoBackup)?;
    match (head.sealing, passphrase) {
        (None, None) => Ok(Box::new(MultiGzDecoder::new(input))),
        (Some(_), None) => Err(ContainerError::Sealed),
        (None, Some(_)) => Err(ContainerError::Open),
        (Some(sealing), Some(passphrase)) => {
            let nonce = hcert::base64::decode(&sealing.nonce);
            let prefix: Option<[u8; PREFIX]> = nonce.and_then(|nonce| nonce.try_into().ok());
            let salt = hcert::base64::decode(&sealing.salt);
            let (Some(prefix), Some(salt), CIPHER) = (prefix, salt, sealing.cipher.as_str()) else {
                return Err(ContainerError::NoBackup);
            };
            let cost = (sealing.memory, sealing.passes, sealing.lanes);
            let mut opener = Opener {
                input,
                pieces: Pieces {
                    cipher: passphrase.key(&salt, cost)?,
                    prefix,
                    number: 0,
                },
                opened: Zeroizing::new(Vec::new()),
                at: 0,
                done: false,
            };
            // The first piece tells whether it is the right passphrase.
            opener.piece().map_err(|_| ContainerError::Passphrase)?;
            Ok(Box::new(MultiGzDecoder::new(opener)))
        }
    }
}

struct Opener<R: BufRead> {
    input: R,
    pieces: Pieces,
    opened: Zeroizing<Vec<u8>>,
    at: usize,
    done: bool,
}

impl<R: BufRead> Opener<R> {
    fn piece(&mut self) -> io::Result<()> {
        let wrong = || io::Error::other(ContainerError::Passphrase.to_string());
        let mut sealed = Vec::with_capacity(PIECE + TAG);
        let most = u64::try_from(PIECE + TAG).unwrap_or(u64::MAX);
        self.input.by_ref().take(most).read_to_end(&mut sealed)?;
        let last = self.input.fill_buf()?.is_empty();
        let nonce = self.pieces.next(last)?;
        let opened = self.pieces.cipher.decrypt(&nonce, sealed.as_slice());
        self.opened = Zeroizing::new(opened.map_err(|_| wrong())?);
        self.at = 0;
        self.done = last;
        Ok(())
    }
}

impl<R: BufRead> Read for Opener<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.opened.len() {
            if self.done {
                return Ok(0);
            }
            self.piece()?;
        }
        let left = self.opened.get(self.at..).unwrap_or_default();
        let taken = left.len().min(buffer.len());
        let (Some(from), Some(to)) = (left.get(..taken), buffer.get_mut(..taken)) else {
            return Ok(0);
        };
        to.copy_from_slice(from);
        self.at += taken;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passphrase(text: &str) -> Passphrase {
        Passphrase::new(Zeroizing::new(text.into())).unwrap()
    }

    fn made(content: &[u8], passphrase: Option<&Passphrase>) -> Vec<u8> {
        let mut writer = Writer::new(Vec::new(), passphrase).unwrap();
        writer.write_all(content).unwrap();
        writer.finish().unwrap()
    }

    fn read(file: &[u8], passphrase: Option<&Passphrase>) -> Result<Vec<u8>, String> {
        let mut content = Vec::new();
        let mut reader = reader(file, passphrase).map_err(|error| error.to_string())?;
        reader
            .read_to_end(&mut content)
            .map_err(|error| error.to_string())?;
        Ok(content)
    }

    #[test]
    fn sealed_and_open() {
        // Random enough that it does not shrink: several pieces.
        let content: Vec<u8> = (0..200_000_u32)
            .flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes())
            .collect();
        let own = passphrase("twelve letters");
        for content in [&content[..], b"", b"x"] {
            assert_eq!(read(&made(content, None), None).unwrap(), content);
            let sealed = made(content, Some(&own));
            assert_eq!(read(&sealed, Some(&own)).unwrap(), content);
            assert!(read(&sealed, None).is_err());
            assert!(read(&made(content, None), Some(&own)).is_err());
        }
        let sealed = made(&content, Some(&own));
        assert!(sealed.len() > 4 * PIECE);
        let error = read(&sealed, Some(&passphrase("another passphrase"))).unwrap_err();
        assert!(error.contains("passphrase"), "{error}");
        // Cut off, also at the end of a piece; a piece left out; a bit turned.
        let start = sealed.len() % (PIECE + TAG);
        for end in [sealed.len() - 1, sealed.len() - start, 5 * PIECE, 300] {
            assert!(read(&sealed[..end], Some(&own)).is_err(), "{end}");
        }
        let head = sealed.iter().position(|byte| *byte == b'}').unwrap() + 3;
        let without = [&sealed[..head], &sealed[head + PIECE + TAG..]].concat();
        assert!(read(&without, Some(&own)).is_err());
        let mut changed = sealed.clone();
        changed[head + 2 * PIECE] ^= 1;
        assert!(read(&changed, Some(&own)).is_err());
    }

    #[test]
    fn what_is_no_backup() {
        for wrong in [
            &b""[..],
            b"PK",
            b"hcert issuer backup 1\n",
            b"hcert issuer backup 1\n{}\n",
        ] {
            assert!(read(wrong, None).is_err());
        }
        let greedy = "hcert issuer backup 1\n{\"sealing\":{\"cipher\":\"xchacha20poly1305-stream-\
                      argon2id\",\"memory\":4000000000,\"passes\":3,\"lanes\":1,\"salt\":\
                      \"AAAAAAAAAAAAAAAAAAAAAA==\",\"nonce\":\"AAAAAAAAAAAAAAAAAAAAAAAAAA==\"}}\n";
        let error = read(greedy.as_bytes(), Some(&passphrase("twelve letters")));
        assert!(error.unwrap_err().contains("no backup"));
        assert!(Passphrase::new(Zeroizing::new("short".into())).is_err());
    }
}
