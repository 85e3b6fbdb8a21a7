//! Who is revoked: slices that a verifier carries, and other people's lists.
//!
//! [`Revocations`] takes the parts of a bundle and answers for one certificate at a time:
//!
//! | part | content | read by |
//! |---|---|---|
//! | `revocation-index` | which slices there are, and for whom they speak | [`Index`] |
//! | `revocation-slice` | exact answers for the certificates of one kid and month of issue | [`Slice`] |
//! | `revocation-hashes` | lists of other issuers, as sorted hashes | [`HashLists`] |
//! | `revocation-filter` | filters of other issuers, as they made them | [`Filters`] |
//!
//! `specs/revocation.md` describes them byte by byte. With the feature `build` there is
//! `SliceBuilder`, which makes slices. [`Batches`], [`import_tree`] and [`Filter`] bring in what
//! others publish.
//!
//! What is missing or damaged makes the answer [`Status::Unknown`], never "not revoked".

mod batches;
mod bloom;
mod cbor;
mod filters;
mod german;
mod hashes;
mod id;
mod index;
mod partial;
mod set;
mod slice;
mod subject;

pub use batches::{Batch, BatchError, BatchNotice, Batches};
#[cfg(feature = "build")]
pub use bloom::make_bloom;
pub use bloom::{Bloom, FilterError};
pub use cbor::PartError;
pub use filters::{Filter, FilterForm, Filters, FiltersError};
pub use german::{TreeError, import_tree};
pub use hashes::{HashListBuilder, HashLists, ListKey};
pub use id::{Month, NotAMonth, RevocationId};
pub use index::{Index, KidEntry, SliceEntry};
pub use partial::{Mode, Partial, make_partial, partial_size};
pub use set::{Revocations, Source, Status, Why};
#[cfg(feature = "build")]
pub use slice::{BuildError, Issued, SliceBuilder, is_worth_merging};
pub use slice::{Role, Slice, SliceError};
pub use subject::{HashKind, RevocationHash, Subject};
