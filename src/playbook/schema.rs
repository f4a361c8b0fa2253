//! The two macros that declare the sections of a document, and the JSON Schema they give.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::read::Section;

/// The named schemas of a document, each under its section's name.
#[derive(Debug, Default)]
pub struct Definitions(BTreeMap<String, Value>);

impl Definitions {
    /// A reference to the schema called `name`, which `make` gives the first time it is asked for.
    pub fn named(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.0.contains_key(name) {
            // A section that contains itself meets its own name here and goes no deeper.
            self.0.insert(name.to_owned(), Value::Null);
            let schema = make(self);
            self.0.insert(name.to_owned(), schema);
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }

    /// The schema of a whole document.
    #[must_use]
    pub fn document<T: Section>() -> Value {
        let mut definitions = Self::default();
        let root = T::schema(&mut definitions);
        let mut schema = Map::new();
        schema.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
        if let Value::Object(root) = root {
            schema.extend(root);
        }
        schema.insert("$defs".into(), Value::Object(definitions.0.into_iter().collect()));
        Value::Object(schema)
    }
}

/// The properties of a table while its schema is put together.
#[derive(Debug, Default)]
pub struct Properties {
    properties: Map<String, Value>,
    required: Vec<Value>,
}

impl Properties {
    /// Adds an entry; it must be written unless it has a default or an absent value.
    pub fn add<T: Section>(
        &mut self,
        definitions: &mut Definitions,
        name: &str,
        doc: &[&str],
        has_default: bool,
    ) {
        self.properties.insert(name.to_owned(), described(T::schema(definitions), doc));
        if !has_default && T::absent().is_none() {
            self.required.push(json!(name));
        }
    }

    /// The schema of the table.
    #[must_use]
    pub fn table(self, doc: &[&str]) -> Value {
        let table = json!({
            "type": "object",
            "properties": self.properties,
            "required": self.required,
            "additionalProperties": false,
        });
        described(table, doc)
    }
}

/// The schema with the lines of a doc comment as its description.
#[must_use]
pub fn described(mut schema: Value, doc: &[&str]) -> Value {
    let lines: Vec<&str> =
        doc.iter().map(|line| line.trim()).take_while(|line| !line.starts_with("```")).collect();
    let text = lines.join(" ");
    if let (Value::Object(map), false) = (&mut schema, text.trim().is_empty()) {
        map.insert("description".into(), json!(text.trim()));
    }
    schema
}

/// The `snake_case` form of a variant's or field's name.
#[must_use]
pub fn snake(name: &str) -> String {
    let name = name.strip_prefix("r#").unwrap_or(name);
    let mut word = String::with_capacity(name.len().saturating_add(4));
    for (i, c) in name.chars().enumerate() {
        if c.is_ascii_uppercase() && i > 0 {
            word.push('_');
        }
        word.push(c.to_ascii_lowercase());
    }
    word
}

/// Declares a table of a document: the struct, how it is read and written, and its schema.
///
/// An entry is required, unless its type has an [`absent`](crate::playbook::Section::absent) value (an
/// `Option`) or it has a default: `= default` for the type's own, or one token: `= 30`, `= true`,
/// `= (Seconds::minutes(30))`. After the entries, `check path` names a
/// `fn(&Self, &Node, &mut Reader<'_>)` that looks at the whole. Doc comments become the schema's
/// descriptions; one `#[derive(…)]` adds to `Debug, Clone, PartialEq, Eq, Serialize`.
///
/// ```ignore
/// record! {
///     /// A waiting line.
///     pub struct Queue {
///         /// Its name.
///         pub id: QueueId,
///         /// What an agent must know to serve it.
///         pub skills: Vec<SkillId> = default,
///         /// Conversations that may wait in it.
///         pub capacity: Option<u32>,
///         /// Time to the first answer.
///         pub first_answer: Seconds = (Seconds::minutes(30)),
///     }
///     check Queue::check
/// }
/// ```
macro_rules! record {
    (
        $(#[doc = $doc:literal])*
        $(#[derive($($derive:ident),* $(,)?)])?
        $vis:vis struct $name:ident {
            $($(#[doc = $field_doc:literal])* pub $field:ident : $type:ty $(= $default:tt)?),* $(,)?
        }
        $(check $check:path)?
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize $($(, $derive)*)?)]
        $vis struct $name {
            $($(#[doc = $field_doc])* pub $field: $type,)*
        }

        impl $crate::playbook::Section for $name {
            fn read(node: &$crate::playbook::Node, reader: &mut $crate::playbook::Reader<'_>) -> Option<Self> {
                let table = reader.table(node, &[$($crate::playbook::field_name!($field)),*])?;
                $(let $field = $crate::playbook::read_field!(reader, table, $field $(= $default)?);)*
                let whole = Self { $($field: $field?),* };
                $($check(&whole, node, reader);)?
                Some(whole)
            }

            fn schema(definitions: &mut $crate::playbook::Definitions) -> serde_json::Value {
                definitions.named(stringify!($name), |definitions| {
                    #[expect(clippy::allow_attributes, reason = "a table without entries is rare and legal")]
                    #[allow(unused_mut, reason = "as above")]
                    let mut properties = $crate::playbook::Properties::default();
                    let _ = &definitions;
                    $($crate::playbook::describe_field!(properties, definitions, $field: $type, [$($field_doc),*] $(= $default)?);)*
                    properties.table(&[$($doc),*])
                })
            }
        }
    };
}

/// Declares a choice of a document: the enum, how it is read and written, and its schema.
///
/// The choice is tagged from outside by the `snake_case` name of its variant: `"close"` for a variant
/// without content, `{ set_priority = "high" }` for one with one value, `{ assign = { queue = "it" } }`
/// for one with entries, which are declared as in [`record!`](crate::playbook::record); where all of
/// these may be left out, the bare word will do. With `#[derive(Default)]` one variant is marked
/// `#[default]`. The enum is `#[non_exhaustive]`.
///
/// ```ignore
/// choice! {
///     /// What a routing rule does.
///     pub enum Routing {
///         /// Ends the conversation.
///         Close,
///         /// Sets the priority.
///         SetPriority(Priority),
///         /// Hands the conversation to a queue.
///         Assign {
///             /// The queue.
///             queue: QueueId,
///             /// A note for it.
///             note: Option<String>,
///         },
///     }
/// }
/// ```
macro_rules! choice {
    (
        $(#[doc = $doc:literal])*
        $(#[derive($($derive:ident),* $(,)?)])?
        $vis:vis enum $name:ident {
            $(
                $(#[doc = $variant_doc:literal])*
                $(#[default $($default_variant:tt)?])?
                $variant:ident
                $(($inner:ty))?
                $({ $($(#[doc = $field_doc:literal])* $field:ident : $type:ty $(= $default:tt)?),* $(,)? })?
            ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize $($(, $derive)*)?)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        $vis enum $name {
            $(
                $(#[doc = $variant_doc])*
                $(#[default $($default_variant)?])?
                $variant
                $(($inner))?
                $({ $($(#[doc = $field_doc])* $field: $type,)* })?
            ,)*
        }

        impl $crate::playbook::Section for $name {
            fn read(node: &$crate::playbook::Node, reader: &mut $crate::playbook::Reader<'_>) -> Option<Self> {
                let tag = reader.tag(node)?;
                $(
                    if tag.is(stringify!($variant)) {
                        return $crate::playbook::read_variant!(reader, tag, $variant $(($inner))? $({ $($field $(= $default)?),* })?);
                    }
                )*
                let known = [$($crate::playbook::snake(stringify!($variant))),*];
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                reader.unknown_word(node, "word", tag.word, &known);
                None
            }

            fn schema(definitions: &mut $crate::playbook::Definitions) -> serde_json::Value {
                definitions.named(stringify!($name), |definitions| {
                    let _ = &definitions;
                    let variants = vec![$(
                        $crate::playbook::describe_variant!(
                            definitions, $variant, [$($variant_doc),*]
                            $(($inner))? $({ $($field: $type, [$($field_doc),*] $(= $default)?);* })?
                        )
                    ),*];
                    $crate::playbook::described(serde_json::json!({ "oneOf": variants }), &[$($doc),*])
                })
            }
        }
    };
}

/// The name of a field in a document: `r#type` is written `type`.
macro_rules! field_name {
    ($field:ident) => {{
        const NAME: &str = stringify!($field);
        const BARE: &str = match NAME.as_bytes() {
            [b'r', b'#', ..] => NAME.split_at(2).1,
            _ => NAME,
        };
        BARE
    }};
}

macro_rules! read_field {
    ($reader:ident, $table:ident, $field:ident) => {
        $reader.field($table, $crate::playbook::field_name!($field))
    };
    ($reader:ident, $table:ident, $field:ident = default) => {
        $reader.field_or($table, $crate::playbook::field_name!($field), Default::default)
    };
    ($reader:ident, $table:ident, $field:ident = ($default:expr)) => {
        $reader.field_or($table, $crate::playbook::field_name!($field), || $default)
    };
    ($reader:ident, $table:ident, $field:ident = $default:tt) => {
        $reader.field_or($table, $crate::playbook::field_name!($field), || $default)
    };
}

macro_rules! describe_field {
    ($properties:ident, $definitions:ident, $field:ident : $type:ty, [$($doc:literal),*]) => {
        $properties.add::<$type>($definitions, $crate::playbook::field_name!($field), &[$($doc),*], false)
    };
    ($properties:ident, $definitions:ident, $field:ident : $type:ty, [$($doc:literal),*] = $default:tt) => {
        $properties.add::<$type>($definitions, $crate::playbook::field_name!($field), &[$($doc),*], true)
    };
}

macro_rules! read_variant {
    ($reader:ident, $tag:ident, $variant:ident) => {
        $reader.bare(&$tag).map(|()| Self::$variant)
    };
    ($reader:ident, $tag:ident, $variant:ident ($inner:ty)) => {{
        let payload = $reader.payload(&$tag)?;
        $reader
            .within($tag.word, |reader| <$inner as $crate::playbook::Section>::read(payload, reader))
            .map(Self::$variant)
    }};
    ($reader:ident, $tag:ident, $variant:ident { $($field:ident $(= $default:tt)?),* }) => {{
        let nothing = $crate::playbook::Node::nothing($tag.node);
        $reader.within($tag.word, |reader| {
            let table = reader.table($tag.payload.unwrap_or(&nothing), &[$($crate::playbook::field_name!($field)),*])?;
            $(let $field = $crate::playbook::read_field!(reader, table, $field $(= $default)?);)*
            Some(Self::$variant { $($field: $field?),* })
        })
    }};
}

macro_rules! describe_variant {
    ($definitions:ident, $variant:ident, [$($doc:literal),*]) => {
        $crate::playbook::described(serde_json::json!({ "const": $crate::playbook::snake(stringify!($variant)) }), &[$($doc),*])
    };
    ($definitions:ident, $variant:ident, [$($doc:literal),*] ($inner:ty)) => {
        $crate::playbook::tagged(
            &$crate::playbook::snake(stringify!($variant)),
            <$inner as $crate::playbook::Section>::schema($definitions),
            &[$($doc),*],
        )
    };
    ($definitions:ident, $variant:ident, [$($doc:literal),*] { $($field:ident : $type:ty, [$($field_doc:literal),*] $(= $default:tt)?);* }) => {{
        let mut properties = $crate::playbook::Properties::default();
        $($crate::playbook::describe_field!(properties, $definitions, $field: $type, [$($field_doc),*] $(= $default)?);)*
        $crate::playbook::tagged(
            &$crate::playbook::snake(stringify!($variant)),
            properties.table(&[]),
            &[$($doc),*],
        )
    }};
}

/// The schema of a table whose one entry names an alternative.
#[must_use]
pub fn tagged(word: &str, payload: Value, doc: &[&str]) -> Value {
    let table = json!({
        "type": "object",
        "properties": { word: payload },
        "required": [word],
        "additionalProperties": false,
    });
    described(table, doc)
}

pub(crate) use {choice, describe_field, describe_variant, field_name, read_field, read_variant, record};

#[cfg(test)]
mod tests {
    use super::super::{Document, Reader};
    use crate::Limits;
    use crate::model::{QueueId, Seconds, SkillId};

    record! {
        /// A waiting line.
        struct Queue {
            /// Its name.
            pub id: QueueId,
            /// What it does.
            pub r#do: Vec<Deed>,
            pub skills: Vec<SkillId> = default,
            pub first: Seconds = (Seconds::minutes(30)),
            pub open: bool = true,
            pub room: Option<u8>,
        }
        check Queue::check
    }

    impl Queue {
        fn check(&self, node: &super::super::Node, reader: &mut Reader<'_>) {
            if self.room == Some(0) {
                reader.report(node, crate::Code::ILLEGAL_VALUE, "a queue needs room");
            }
        }
    }

    choice! {
        /// What to do.
        #[derive(Default)]
        enum Deed {
            /// Nothing more.
            #[default]
            Close,
            SetRoom(u8),
            HandOver { to: Option<QueueId>, after: Seconds = (Seconds::new(60)) },
        }
    }

    fn read(text: &str) -> Result<Queue, String> {
        let document = Document::from_toml(text, &Limits::DEFAULT).map_err(|e| e.to_string())?;
        document.read(&Limits::DEFAULT).map_err(|e| e.to_string())
    }

    #[test]
    fn a_section_is_read_with_its_defaults_and_written_back() {
        let text = "id = 'a'\ndo = ['close', { set_room = 3 }, { hand_over = { to = 'b' } }, 'hand_over']";
        let queue = read(text).unwrap();
        assert_eq!(queue.r#do.len(), 4);
        assert_eq!(queue.first, Seconds::minutes(30));
        let json = serde_json::to_string(&queue).unwrap();
        let again = Document::from_json(&json, &Limits::DEFAULT).unwrap().read::<Queue>(&Limits::DEFAULT);
        assert_eq!(again.unwrap(), queue, "{json}");
        assert_eq!(read(&toml::to_string(&queue).unwrap()), Ok(queue));
    }

    #[test]
    fn all_faults_of_a_section_are_reported_with_their_places() {
        let faults =
            read("id = 1.5\ndo = ['clos', { set_room = 300 }, { close = 1 }]\nskils = []").unwrap_err();
        let expected = [
            "G0106 id (line 1, column 6): expected an identifier, found a number",
            "G0107 do[0] (line 2, column 7): unknown word `clos`; did you mean `close`?",
            "G0108 do[1].set_room (line 2, column 28): expected a whole number from 0 to 255",
            "G0106 do[2] (line 2, column 45): `close` takes no value; write \"close\" alone",
            "G0104 skils (line 3, column 1): unknown field `skils`; did you mean `skills`?",
        ];
        assert_eq!(faults.lines().collect::<Vec<_>>(), expected);
        assert_eq!(
            read("id = 'a'\ndo = []\nroom = 0").unwrap_err(),
            "G0108 (line 1, column 1): a queue needs room"
        );
    }

    #[test]
    fn a_schema_names_what_is_required_and_describes_each_entry() {
        let schema = super::Definitions::document::<Queue>();
        let queue = &schema["$defs"]["Queue"];
        assert_eq!(queue["required"], serde_json::json!(["id", "do"]));
        assert_eq!(queue["properties"]["id"]["description"], "Its name.");
        assert_eq!(schema["$defs"]["Deed"]["oneOf"][0]["const"], "close");
    }
}
