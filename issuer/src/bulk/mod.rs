//! Bulk work: files and bundles in, checked line by line; certificates out. Handed out by the database,
//! piece by piece, to whichever process asks; what a killed process held comes back after a minute.
