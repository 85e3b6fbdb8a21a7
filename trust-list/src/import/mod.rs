//! Lists of keys in the forms of the field, told apart by their content.
