//! What a team writes: the document, its rules, and the policy compiled from them.

mod closed;
mod directive;
mod dotted;
mod fields;
mod json;
mod node;
mod read;
mod rule;
mod scalar;
mod schema;
mod section;
mod words;

pub use directive::{Directive, Routing};
pub use fields::{FieldDeclaration, FieldType};
pub use node::{Document, Node};
pub use read::{Reader, Section, Tag};
pub use rule::OnUnknown;
pub use schema::{Definitions, Properties, described, snake, tagged};
pub(crate) use schema::{
    choice, describe_field, describe_variant, field_name, read_field, read_variant, record,
};
pub use section::*;
