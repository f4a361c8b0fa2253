//! galateo decides how a company behaves when it talks with its customers where everyone can read it.
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod channel;
pub mod decide;
pub mod decision;
pub mod detect;
mod engine;
mod error;
pub mod gate;
pub mod interop;
mod limits;
pub mod measure;
pub mod model;
mod num;
pub mod playbook;
pub mod schedule;
pub mod text;

pub use engine::{Engine, Shadow, World, shadow};
pub use error::{Code, Diagnostic, Diagnostics, Severity};
pub use limits::Limits;
