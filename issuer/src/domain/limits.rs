//! How much an honest desk does, and what is more than that. The numbers are counted in the
//! transaction that issues, so that no two processes miss one another.
