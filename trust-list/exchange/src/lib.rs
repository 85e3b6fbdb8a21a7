//! Other people's trust lists in, our own out.
