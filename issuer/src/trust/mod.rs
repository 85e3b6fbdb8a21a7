//! What the trust list is told: every certificate (by its hash), every revocation, every new DSC. Told
//! again until it answers, so that nothing is lost while it is away.
