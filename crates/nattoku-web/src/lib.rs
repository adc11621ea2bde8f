//! The pages: the notice and the Personal Data Dashboard.
