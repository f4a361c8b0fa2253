//! The fields that conditions can ask: their names, types and values.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::{choice, record};
use crate::num::{narrow, wide};
use crate::{Code, Diagnostic};

choice! {
    /// What a field holds.
    #[derive(Copy, PartialOrd, Ord, Hash)]
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
        /// What it says, for the author of a playbook.
        pub doc: String = default,
    }
}

/// The number of a field in its [`Fields`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId(pub(super) u32);

impl FieldId {
    /// The first field.
    pub const FIRST: Self = Self(0);

    /// The field after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// A field: its name, type and the words it can hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Field {
    /// The name that conditions use.
    pub name: Arc<str>,
    /// What it holds.
    pub r#type: FieldType,
    /// What it says, for the author of a playbook.
    pub doc: String,
    /// The words it can hold; empty where the list is open.
    pub values: Vec<String>,
}

/// The fields that the conditions of a playbook can ask.
///
/// ```
/// use galateo::playbook::{FieldType, Fields};
/// let mut fields = Fields::new();
/// let tier = fields.add("tier", FieldType::Word, "what the customer pays for", &["basic", "gold"])?;
/// assert_eq!(fields.find("tier"), Some(tier));
/// assert!(fields.add("all", FieldType::Flag, "", &[]).is_err());
/// # Ok::<(), galateo::Diagnostic>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Fields {
    list: Vec<Field>,
    by_name: BTreeMap<Arc<str>, FieldId>,
    /// The first field that a playbook declared; none where it declares nothing.
    first_own: Option<FieldId>,
}

/// Words that group conditions and so name no field.
pub(super) const GROUPS: [&str; 5] = ["all", "any", "at_least", "none", "not"];

impl Fields {
    pub(super) const NONE: Self = Self { list: Vec::new(), by_name: BTreeMap::new(), first_own: None };

    /// No fields.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field; `values` is empty where any word will do.
    ///
    /// # Errors
    /// The name is taken, empty, or one of the words that group conditions.
    pub fn add(
        &mut self,
        name: &str,
        kind: FieldType,
        doc: &str,
        values: &[&str],
    ) -> Result<FieldId, Diagnostic> {
        let refused = |why: &str| Err(Diagnostic::new(Code::BAD_FIELD_NAME, format!("fields.{name}"), why));
        if name.is_empty() || GROUPS.contains(&name) {
            return refused("a field cannot have this name");
        }
        if self.by_name.contains_key(name) {
            return refused("there is a field of this name already");
        }
        let (id, name) = (FieldId(narrow(self.list.len())), Arc::<str>::from(name));
        let values = values.iter().map(|v| (*v).to_owned()).collect();
        self.by_name.insert(name.clone(), id);
        self.list.push(Field { name, r#type: kind, doc: doc.trim().to_owned(), values });
        Ok(id)
    }

    /// Adds what a host declares.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn declare(&mut self, name: &str, declared: &FieldDeclaration) -> Result<FieldId, Diagnostic> {
        let values: Vec<&str> = declared.values.iter().map(String::as_str).collect();
        let id = self.add(name, declared.r#type, &declared.doc, &values)?;
        self.first_own.get_or_insert(id);
        Ok(id)
    }

    /// A declared field, which is the host's to give.
    pub(super) fn own(&self, name: &str) -> Option<(FieldId, &Field)> {
        let id = self.find(name).filter(|id| self.first_own.is_some_and(|first| first <= *id))?;
        Some((id, self.field(id)?))
    }

    /// The names of the declared fields.
    pub(super) fn own_names(&self) -> Vec<&str> {
        self.names().into_iter().filter(|name| self.own(name).is_some()).collect()
    }

    /// The field of a name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<FieldId> {
        self.by_name.get(name).copied()
    }

    /// A field by its number.
    #[must_use]
    pub fn field(&self, id: FieldId) -> Option<&Field> {
        self.list.get(wide(id.0))
    }

    /// All fields, in the order of their numbers.
    #[must_use]
    pub fn as_slice(&self) -> &[Field] {
        &self.list
    }

    /// The names, for a suggestion.
    pub(super) fn names(&self) -> Vec<&str> {
        self.list.iter().map(|field| &*field.name).collect()
    }
}

/// Declares fields over a context: one line is one field with its name, type, doc comment and value.
///
/// It gives `pub fn fields() -> Fields` and `pub fn fill(&Context, &mut Facts)`. A value is anything that is
/// a [`Fact`](crate::playbook::Fact); an `Option` that is `None` leaves the field unknown. Values of
/// fields that no condition asks are not computed. A value after `was` is the one before the event.
///
/// ```
/// use galateo::playbook::Several;
/// struct Context<'c> { visibility: Option<&'c str>, tags: Vec<String>, status: &'c str, before: &'c str }
/// galateo::facts! {
///     context: Context<'_>;
///     /// Who can read the message.
///     visibility: Word["public", "group", "private", "internal"] = context.visibility;
///     /// Tags of the conversation.
///     tags: Words = Several(context.tags.iter().map(String::as_str));
///     /// The state of the conversation.
///     status: Word = context.status, was context.before;
/// }
/// assert_eq!(fields().as_slice().len(), 3);
/// # let _ = fill;
/// ```
#[macro_export]
macro_rules! facts {
    ($context:ident : $type:ty; $($(#[doc = $doc:literal])* $name:ident : $kind:ident $([$($value:expr),* $(,)?])? = $get:expr $(, was $was:expr)?;)*) => {
        /// The built-in fields, in the order of their declaration.
        #[must_use]
        pub fn fields() -> $crate::playbook::Fields {
            let mut fields = $crate::playbook::Fields::new();
            $(
                let values: &[&str] = &[$($($value),*)?];
                // The one fault left is a name that groups conditions, which a test would show at once.
                let _ = fields.add(stringify!($name), $crate::playbook::FieldType::$kind, concat!($($doc),*), values);
            )*
            fields
        }

        #[expect(dead_code, reason = "two lines of one name do not compile here")]
        struct Unique { $($name: ()),* }

        /// Fills a row of facts with what the context says.
        pub fn fill($context: &$type, facts: &mut $crate::playbook::Facts) {
            // A function for each field, so that only those of the fields asked for are ever fetched from memory.
            const SETTERS: &[fn(&$type, &mut $crate::playbook::Facts, $crate::playbook::FieldId)] = &[$(
                |$context, facts, id| {
                    facts.set(id, $get);
                    $(facts.set_previous(id, $was);)?
                }
            ),*];
            let mut id = $crate::playbook::FieldId::FIRST;
            for set in SETTERS {
                if facts.wants(id) {
                    set($context, facts, id);
                }
                id = id.next();
            }
        }
    };
}
