//! How sheets are printed here.
