//! What a team writes: the document, its rules, and the policy compiled from them.

mod build;
mod closed;
mod condition;
mod directive;
mod dotted;
mod encoding;
mod explain;
mod facts;
mod fields;
mod formula;
mod intern;
mod json;
mod layers;
mod lint;
mod matcher;
mod node;
mod number;
mod operator;
mod pattern;
mod read;
mod rule;
mod scalar;
mod schema;
mod section;

pub use directive::{Directive, Routing};
mod session;
mod texts;
mod truth;
mod words;

pub use build::{Asked, field};
pub use condition::{Condition, Literal, Test};
pub use encoding::Encoding;
pub use explain::{Explanation, TestAnswer};
pub use facts::{Fact, Facts, Several, Sink};
pub use fields::{Field, FieldDeclaration, FieldId, FieldType, Fields};
pub use lint::lint;
pub use matcher::{Matcher, Matches, Scratch};
pub use node::{Document, Node};
pub use number::Number;
pub use operator::{Operator, Takes};
pub use read::{Origin, Reader, Section, Tag};
pub use rule::{EVENT_FIELD, OnUnknown, Rule, Rules};
pub use schema::{Definitions, Properties, described, snake, tagged};
pub(crate) use schema::{
    choice, describe_field, describe_variant, field_name, read_field, read_variant, record,
};
pub use section::*;
pub use session::{RuleAnswer, RuleSession};
pub use truth::Truth;
