//! The place where the files of the bundle lie: a directory or an S3-like store.
//!
//! ```text
//! root/1.cose  root/2.cose ...   signed roots, from the first
//! parts/<sha256>                 what manifests name
//! manifest/<sequence>.cose       every manifest
//! manifest.cose                  the live one
//! bundle.hcert                   the live one with its roots and parts, in one file
//! ```

use std::{fmt, path::Path, str::FromStr, sync::Arc};

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use object_store::{
    Error as E, GetResult, ObjectMeta, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions,
    PutPayload, UpdateVersion, local::LocalFileSystem, path::Path as Key,
};
use trust_list::digest::Digest;

use crate::config::SiteAddress;

/// The name of a file of the site. Nothing else can be asked for, so no path leads elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Name {
    /// A signed root.
    Root(u64),
    /// A part.
    Part(Digest),
    /// A manifest by its sequence.
    Manifest(u64),
    /// The live manifest.
    Live,
    /// The bundle in one file.
    Bundle,
}

impl Name {
    /// Whether its content never changes.
    pub const fn is_immutable(self) -> bool {
        !matches!(self, Name::Live | Name::Bundle)
    }

    fn key(self) -> Key {
        Key::from(self.to_string())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Root(version) => write!(f, "root/{version}.cose"),
            Name::Part(digest) => write!(f, "parts/{digest}"),
            Name::Manifest(sequence) => write!(f, "manifest/{sequence}.cose"),
            Name::Live => f.write_str("manifest.cose"),
            Name::Bundle => f.write_str("bundle.hcert"),
        }
    }
}

/// The path names no file of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchName;

impl FromStr for Name {
    type Err = NoSuchName;

    /// Reads exactly what is written by `Display`: one name, one file.
    fn from_str(path: &str) -> Result<Name, NoSuchName> {
        let number = |text: &str| text.strip_suffix(".cose")?.parse().ok();
        let name = match path.split_once('/') {
            None if path == "manifest.cose" => Some(Name::Live),
            None if path == "bundle.hcert" => Some(Name::Bundle),
            Some(("root", file)) => number(file).map(Name::Root),
            Some(("manifest", file)) => number(file).map(Name::Manifest),
            Some(("parts", file)) => file.parse().ok().map(Name::Part),
            _ => None,
        };
        name.filter(|name| name.to_string() == path)
            .ok_or(NoSuchName)
    }
}

/// Why a file could not be had or put.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SiteError {
    /// No room.
    #[error("no space left where the files are published ({name}): free some, then publish again")]
    Full {
        /// Which file.
        name: String,
    },
    /// Somebody else moved the live pointer in between.
    #[error("another publisher has changed {name} in between")]
    Changed {
        /// Which file.
        name: String,
    },
    /// Another file lies at a place that is written once.
    #[error("{name} is there already with other content, and is never overwritten")]
    Taken {
        /// Which file.
        name: String,
    },
    /// The directory or store can't be used at all.
    #[error("the place for the published files can't be used: {0}")]
    Open(String),
    /// Anything else.
    #[error("{name} can't be read or written: {error}")]
    Failed {
        /// Which file.
        name: String,
        /// The store's words.
        error: E,
    },
}

/// The live manifest as it lies there, and which version of the file that is.
#[derive(Debug, Clone)]
pub struct Live {
    /// Its envelope.
    pub bytes: Bytes,
    version: UpdateVersion,
}

/// The place where the files lie.
#[derive(Debug, Clone)]
pub struct Site {
    store: Arc<dyn ObjectStore>,
    conditional: bool,
}

impl Site {
    /// Opens it; a directory is made if it is not there.
    pub fn open(address: &SiteAddress) -> Result<Site, SiteError> {
        match address {
            SiteAddress::Directory(path) => Site::directory(path),
            #[cfg(feature = "s3")]
            SiteAddress::S3(s3) => {
                let mut builder = object_store::aws::AmazonS3Builder::from_env()
                    .with_bucket_name(&s3.bucket)
                    .with_allow_http(s3.allow_http)
                    .with_conditional_put(object_store::aws::S3ConditionalPut::ETagMatch);
                if let Some(region) = &s3.region {
                    builder = builder.with_region(region);
                }
                if let Some(endpoint) = &s3.endpoint {
                    builder = builder.with_endpoint(endpoint);
                }
                let store = builder
                    .build()
                    .map_err(|error| SiteError::Open(error.to_string()))?;
                let store: Arc<dyn ObjectStore> = match &s3.prefix {
                    Some(prefix) => Arc::new(object_store::prefix::PrefixStore::new(
                        store,
                        Key::from(prefix.as_str()),
                    )),
                    None => Arc::new(store),
                };
                Ok(Site::over(store, true))
            }
            #[cfg(not(feature = "s3"))]
            SiteAddress::S3(_) => Err(SiteError::Open(
                "this program was built without S3 (feature s3)".into(),
            )),
        }
    }

    /// A directory. What is put there is on the disk before it is said to be.
    pub fn directory(path: &Path) -> Result<Site, SiteError> {
        let open =
            |error: &dyn fmt::Display| SiteError::Open(format!("{}: {error}", path.display()));
        std::fs::create_dir_all(path).map_err(|error| open(&error))?;
        let store = LocalFileSystem::new_with_prefix(path).map_err(|error| open(&error))?;
        Ok(Site::over(Arc::new(store.with_fsync(true)), false))
    }

    /// Any store; `conditional` says whether it can replace a file only if it is unchanged.
    pub fn over(store: Arc<dyn ObjectStore>, conditional: bool) -> Site {
        Site { store, conditional }
    }

    /// A whole file; `None` when it is not there.
    pub async fn read(&self, name: Name) -> Result<Option<Bytes>, SiteError> {
        match self.get(name).await? {
            Some(found) => Ok(Some(found.bytes().await.map_err(|e| failed(name, e))?)),
            None => Ok(None),
        }
    }

    /// A file to be read piece by piece.
    pub async fn get(&self, name: Name) -> Result<Option<GetResult>, SiteError> {
        match self.store.get(&name.key()).await {
            Ok(found) => Ok(Some(found)),
            Err(E::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(name, error)),
        }
    }

    /// Size and version of a file, without its content.
    pub async fn head(&self, name: Name) -> Result<Option<ObjectMeta>, SiteError> {
        match self.store.head(&name.key()).await {
            Ok(found) => Ok(Some(found)),
            Err(E::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(name, error)),
        }
    }

    /// Puts a file whole or not at all.
    pub async fn put(&self, name: Name, bytes: impl Into<Bytes>) -> Result<(), SiteError> {
        self.put_mode(name, bytes.into(), PutMode::Overwrite).await
    }

    /// Puts a file that is never overwritten; the same content is there as often as one likes.
    pub async fn put_once(&self, name: Name, bytes: &Bytes) -> Result<(), SiteError> {
        let put = self.put_mode(name, bytes.clone(), PutMode::Create).await;
        let Err(SiteError::Taken { .. }) = put else {
            return put;
        };
        match self.read(name).await? {
            Some(there) if there == *bytes => Ok(()),
            _ => put,
        }
    }

    /// The live manifest.
    pub async fn live(&self) -> Result<Option<Live>, SiteError> {
        let Some(found) = self.get(Name::Live).await? else {
            return Ok(None);
        };
        let version = UpdateVersion {
            e_tag: found.meta.e_tag.clone(),
            version: found.meta.version.clone(),
        };
        let bytes = found
            .bytes()
            .await
            .map_err(|error| failed(Name::Live, error))?;
        Ok(Some(Live { bytes, version }))
    }

    /// Moves the live pointer, in one step, from what it was to a new manifest.
    pub async fn put_live(&self, before: Option<&Live>, bytes: &Bytes) -> Result<(), SiteError> {
        let mode = match before {
            _ if !self.conditional => PutMode::Overwrite,
            Some(live) => PutMode::Update(live.version.clone()),
            None => PutMode::Create,
        };
        match self.put_mode(Name::Live, bytes.clone(), mode).await {
            Err(SiteError::Taken { name }) => Err(SiteError::Changed { name }),
            other => other,
        }
    }

    /// The parts that lie there.
    pub async fn parts(&self) -> Result<Vec<(Digest, ObjectMeta)>, SiteError> {
        let folder = Key::from("parts");
        let listed: Vec<ObjectMeta> =
            self.store
                .list(Some(&folder))
                .try_collect()
                .await
                .map_err(|error| SiteError::Failed {
                    name: "parts".into(),
                    error,
                })?;
        let named = |meta: ObjectMeta| match meta.location.as_ref().parse() {
            Ok(Name::Part(digest)) => Some((digest, meta)),
            _ => None,
        };
        Ok(listed.into_iter().filter_map(named).collect())
    }

    /// Takes a file away.
    pub async fn delete(&self, name: Name) -> Result<(), SiteError> {
        match self.store.delete(&name.key()).await {
            Ok(()) | Err(E::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(name, error)),
        }
    }

    async fn put_mode(&self, name: Name, bytes: Bytes, mode: PutMode) -> Result<(), SiteError> {
        let options = PutOptions::from(mode);
        match self
            .store
            .put_opts(&name.key(), PutPayload::from(bytes), options)
            .await
        {
            Ok(_) => Ok(()),
            Err(E::AlreadyExists { .. }) => Err(SiteError::Taken {
                name: name.to_string(),
            }),
            Err(E::Precondition { .. }) => Err(SiteError::Changed {
                name: name.to_string(),
            }),
            Err(error) => Err(failed(name, error)),
        }
    }
}

fn failed(name: Name, error: E) -> SiteError {
    let mut cause: Option<&dyn std::error::Error> = Some(&error);
    while let Some(this) = cause {
        if let Some(io) = this.downcast_ref::<std::io::Error>() {
            use std::io::ErrorKind as K;
            if matches!(
                io.kind(),
                K::StorageFull | K::QuotaExceeded | K::FileTooLarge
            ) {
                return SiteError::Full {
                    name: name.to_string(),
                };
            }
        }
        cause = this.source();
    }
    SiteError::Failed {
        name: name.to_string(),
        error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let digest = Digest::of(b"x");
        for name in [
            Name::Live,
            Name::Bundle,
            Name::Root(1),
            Name::Manifest(u64::MAX),
            Name::Part(digest),
        ] {
            assert_eq!(name.to_string().parse(), Ok(name));
        }
    }

    #[test]
    fn tricks_with_paths() {
        let upper = Digest::of(b"x").to_string().to_uppercase();
        for path in [
            "",
            "/",
            "..",
            "parts",
            "parts/",
            "parts/../manifest.cose",
            "root/../../etc/passwd",
            "root/01.cose",
            "root/+1.cose",
            "root/-1.cose",
            "root/1",
            "root/1.cose/",
            "root//1.cose",
            "manifest/18446744073709551616.cose",
            "manifest.cose/",
            "./manifest.cose",
            "manifest.cose#1",
            "parts/%2e%2e",
            &format!("parts/{upper}"),
            &format!("parts/{}", upper.get(1..).unwrap()),
        ] {
            assert_eq!(path.parse::<Name>(), Err(NoSuchName), "{path}");
        }
    }
}
