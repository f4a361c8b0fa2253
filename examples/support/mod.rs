//! What the two programs share.

pub mod fault;
pub mod lines;
pub mod ops;
pub mod playbook;
