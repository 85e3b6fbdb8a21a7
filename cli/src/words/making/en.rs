//! English.

use super::Making;

pub(super) const MAKING: Making = Making {
    csca_made: "CSCA made",
    dsc_made: "DSC made",
    authority: "CSCA",
    certificate: "certificate",
    public_key: "public key without a certificate",
    private_key: "private key",
    sealed: "encrypted, readable by its owner only",
    kid: "kid",
    no_kid: "none: a kid is made from a certificate",
    issuer: "issuer",
    country: "country",
    valid: "valid",
    algorithm: "algorithm",
    may_sign: "may sign",
    all_kinds: "all kinds of certificates",
    signs_dscs: "DSCs",
    keep_offline: "keep the private key offline, and a copy in a second safe place",
    repeat_passphrase: "The same passphrase again",
    issued: "issued",
    many_issued: "certificates issued",
    qr_made: "QR code made",
    pages_made: "manual pages",
    modules: "modules",
    level: "level",
    signs_as_csca: "this is the certificate of a CSCA; certificates should be signed with a DSC",
};
