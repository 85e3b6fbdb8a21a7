//! Sign-in by OpenID Connect, for a ministry that has a provider; cargo feature `oidc`.
//!
//! The authorization code flow (OpenID Connect Core 1.0, section 3.1) with PKCE (RFC 7636, S256).
//! [`Settings`] is what the configuration says, [`Provider`] the ministry's provider as it was
//! discovered, [`flow`] the way of a browser there and back. Nobody gets an account by signing in:
//! an administrator binds a [`Subject`] to one
//! ([`Issuer::bind_oidc`](crate::domain::Issuer::bind_oidc)). Passwords go on working, so that a
//! provider that is away closes no site.

mod settings;

#[cfg(feature = "oidc")]
mod client;
#[cfg(feature = "oidc")]
pub mod flow;
#[cfg(feature = "oidc")]
mod pending;
#[cfg(feature = "oidc")]
mod subject;

pub use settings::{Fault, Groups, Section, Settings};

#[cfg(feature = "oidc")]
pub use client::{Provider, ProviderError};
#[cfg(feature = "oidc")]
pub use subject::{NotASubject, Subject};

/// Where the provider sends people back to, below the service's own address.
pub const BACK: &str = "/sign-in/oidc/back";
