//! For tests: the runner of literate cases.
