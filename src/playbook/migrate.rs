//! Documents of earlier versions of the form, brought to the present one.

use std::borrow::Cow;

use super::node::{Document, Kind, Node};
use super::{Reader, SCHEMA_VERSION};
use crate::{Code, Diagnostics, Limits};

/// One version's step to the next: from version 1 on, in order.
type Step = fn(&mut Node);

/// The first version of the form is the present one, so that there is no step yet.
const STEPS: &[Step] = &[];

impl Document {
    /// The document in the present form: one of an earlier version is brought to it step by step, one of
    /// a version that this release does not know is refused by name.
    ///
    /// Compiling and layering do this by themselves.
    ///
    /// ```
    /// use galateo::Limits;
    /// use galateo::playbook::Document;
    /// let newer = Document::from_toml("schema = 9\nname = 'a'", &Limits::DEFAULT)?;
    /// let fault = newer.migrated().unwrap_err();
    /// assert!(fault.to_string().contains("version 9 of the form"));
    /// # Ok::<(), galateo::Diagnostics>(())
    /// ```
    ///
    /// # Errors
    /// The version is none that this release knows.
    pub fn migrated(&self) -> Result<Self, Diagnostics> {
        self.present().map(Cow::into_owned)
    }

    /// The same, without a copy of a document that is in the present form.
    pub(super) fn present(&self) -> Result<Cow<'_, Self>, Diagnostics> {
        migrated(self, STEPS, SCHEMA_VERSION)
    }
}

fn migrated<'d>(
    document: &'d Document,
    steps: &[Step],
    present: u32,
) -> Result<Cow<'d, Document>, Diagnostics> {
    // What is no whole number shows when the document is read.
    let Some(Kind::Integer(version)) = document.root().entry("schema").map(|node| &node.kind) else {
        return Ok(Cow::Borrowed(document));
    };
    let version = *version;
    let done = u32::try_from(version).ok().filter(|version| (1..=present).contains(version));
    let Some(done) = done else { return Err(unknown(document, version, present)) };
    if done == present {
        return Ok(Cow::Borrowed(document));
    }
    let mut root = document.root().clone();
    for step in steps.iter().skip(crate::num::wide(done.saturating_sub(1))) {
        step(&mut root);
    }
    if let Kind::Table(entries) = &mut root.kind {
        let schema = entries.iter_mut().find(|entry| entry.key == "schema");
        schema.into_iter().for_each(|entry| entry.value.kind = Kind::Integer(i64::from(present)));
    }
    Ok(Cow::Owned(Document::from_parts(root, document.parts().to_vec())))
}

fn unknown(document: &Document, version: i64, present: u32) -> Diagnostics {
    let mut reader = Reader::new(document, &Limits::DEFAULT);
    let node = document.root().entry("schema").unwrap_or_else(|| document.root());
    let known = if present == 1 { "version 1".to_owned() } else { format!("versions 1 to {present}") };
    reader.within("schema", |reader| {
        let message = format!("this is version {version} of the form, and this release reads {known}");
        reader.report(node, Code::UNKNOWN_SCHEMA, message);
    });
    match reader.finish(None::<()>) {
        Ok((_, found)) | Err(found) => found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A rule's `do` was called `then` from version 2 on, in the language of this test.
    fn renamed(root: &mut Node) {
        let Kind::Table(entries) = &mut root.kind else { return };
        entries.iter_mut().filter(|entry| entry.key == "do").for_each(|entry| entry.key = "then".to_owned());
    }

    fn doubled(root: &mut Node) {
        let Kind::Table(entries) = &mut root.kind else { return };
        for entry in entries.iter_mut().filter(|entry| entry.key == "n") {
            if let Kind::Integer(n) = &mut entry.value.kind {
                *n = n.saturating_mul(2);
            }
        }
    }

    #[test]
    fn each_earlier_version_takes_its_steps_and_no_others() {
        let read = |text: &str| Document::from_toml(text, &Limits::DEFAULT).unwrap();
        let steps: &[Step] = &[renamed, doubled];
        let shown = |text: &str| migrated(&read(text), steps, 3).unwrap().root().to_value();
        assert_eq!(shown("schema = 1\ndo = 1\nn = 2"), serde_json::json!({ "schema": 3, "then": 1, "n": 4 }));
        assert_eq!(shown("schema = 2\ndo = 1\nn = 2"), serde_json::json!({ "schema": 3, "do": 1, "n": 4 }));
        assert_eq!(shown("schema = 3\ndo = 1\nn = 2"), serde_json::json!({ "schema": 3, "do": 1, "n": 2 }));
        assert_eq!(shown("do = 1"), serde_json::json!({ "do": 1 }));
        for version in ["0", "4", "-1", "9223372036854775807"] {
            let text = format!("name = 'a'\nschema = {version}");
            let fault = migrated(&read(&text), steps, 3).unwrap_err();
            let expected = format!(
                "G0113 schema (line 2, column 10): this is version {version} of the form, and this release reads versions 1 to 3"
            );
            assert_eq!(fault.to_string(), expected);
        }
    }
}
