//! The fields that conditions can ask: their names, types and values.

use super::{choice, record};

choice! {
    /// What a field holds.
    #[derive(Copy, PartialOrd, Ord)]
    pub enum FieldType {
        /// True or false.
        Flag,
        /// A number; spans of time are numbers of seconds.
        Number,
        /// Free text.
        Text,
        /// An instant.
        Time,
        /// One word of a list.
        Word,
        /// Several words.
        Words,
    }
}

record! {
    /// A field that the host adds to those built in.
    pub struct FieldDeclaration {
        /// What it holds.
        pub r#type: FieldType,
        /// The words it can hold, where the list is closed.
        pub values: Vec<String> = default,
    }
}
