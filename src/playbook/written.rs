//! Playbooks built in Rust: compiled, written out, and changed by one rule.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::compile::{self, Compiled};
use super::{
    Brand, Directive, Document, Encoding, GateSettings, Playbook, Policy, Privacy, Reader, Rule, Rules,
    SCHEMA_VERSION, Section, check,
};
use crate::model::{Language, Word};
use crate::{Diagnostics, Limits};

impl Playbook {
    /// A playbook that says nothing yet.
    ///
    /// ```
    /// use galateo::model::{Language, RuleId, Word};
    /// use galateo::playbook::{Directive, Playbook, Policy, Rule, field};
    /// use galateo::Limits;
    /// let mut playbook = Playbook::new(Word::new("shop").unwrap(), "1", vec![Language::It]);
    /// playbook.rules.push(
    ///     Rule::new(RuleId::new("angry-on-x")?)
    ///         .when(field("channel").is("x") & field("sentiment").below(-400))
    ///         .then(Directive::Notify(Word::new("supervisor").unwrap())),
    /// );
    /// let text = playbook.to_toml();
    /// let (read, _) = Policy::from_toml(&text, &Limits::DEFAULT)?;
    /// assert_eq!(*read.playbook(), playbook);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(name: Word, version: &str, languages: Vec<Language>) -> Self {
        Self {
            schema: SCHEMA_VERSION,
            name,
            version: Arc::from(version),
            languages,
            brand: Brand::default(),
            objectives: Vec::new(),
            topics: Vec::new(),
            queues: Vec::new(),
            teams: Vec::new(),
            departments: Vec::new(),
            levels: Vec::new(),
            accounts: Vec::new(),
            texts: Vec::new(),
            promises: Vec::new(),
            features: Vec::new(),
            fields: BTreeMap::new(),
            privacy: Privacy::default(),
            gate: GateSettings::default(),
            autonomy: Vec::new(),
            tones: Vec::new(),
            phrases: Vec::new(),
            answers: Vec::new(),
            articles: Vec::new(),
            procedures: Vec::new(),
            crisis: None,
            calendars: BTreeMap::new(),
            sla: Vec::new(),
            rules: Vec::new(),
            test: Vec::new(),
        }
    }

    /// The playbook as TOML; read again, it gives an equal one.
    #[must_use]
    pub fn to_toml(&self) -> String {
        // Every part is a table, a list, a text or a number, of which TOML takes all.
        toml::to_string(self).unwrap_or_default()
    }
}

impl Policy {
    /// Compiles a playbook built in Rust; also returns the warnings.
    ///
    /// # Errors
    /// Every fault, by its path.
    pub fn from_playbook(playbook: &Playbook, limits: &Limits) -> Result<(Self, Diagnostics), Diagnostics> {
        let value = serde_json::to_value(playbook).unwrap_or_default();
        Self::compile(&Document::from_value(&value)?, limits)
    }

    /// The policy with one rule more, or with another rule in the place of the one of its name.
    ///
    /// Only the rules are compiled again; lexicons, patterns, calendars and texts are shared with the policy
    /// as it was. A lint of the whole is the caller's to ask for.
    ///
    /// ```
    /// use galateo::model::{RuleId, Word};
    /// use galateo::playbook::{Directive, Policy, Rule, field};
    /// let rule = Rule::new(RuleId::new("very-unhappy")?)
    ///     .priority(50)
    ///     .when(field("sentiment").below(-300))
    ///     .then(Directive::Notify(Word::new("supervisor").unwrap()));
    /// let policy = Policy::starter().with_rule(rule)?;
    /// assert_eq!(policy.playbook().rules.len(), Policy::starter().playbook().rules.len());
    /// assert_ne!(policy.fingerprint(), Policy::starter().fingerprint());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Every fault of the rule, by its path below `rules[0]`.
    pub fn with_rule(&self, rule: Rule<Directive>) -> Result<Self, Diagnostics> {
        let rule = self.checked(&rule)?;
        let mut playbook = self.playbook().clone();
        match playbook.rules.iter_mut().find(|known| known.id == rule.id) {
            Some(known) => *known = rule,
            None => playbook.rules.push(rule),
        }
        let parts = &self.compiled().parts;
        // Which kinds of data are looked for hangs on the rules: a change of that is a change of more.
        if compile::on_request(&playbook) != parts.on_request {
            return Self::from_playbook(&playbook, &parts.limits).map(|(policy, _)| policy);
        }
        let rules: Vec<Rule<Directive>> = playbook.rules.iter().cloned().map(compile::for_messages).collect();
        let encoding = {
            let conditions: Vec<_> = rules.iter().map(Rule::condition).collect();
            Encoding::new(self.encoding().fields(), &conditions, &parts.limits)
        };
        Ok(Self::new(Compiled {
            rules: Rules::compile(&encoding, rules),
            encoding,
            parts: Arc::clone(parts),
            fingerprint: compile::fingerprint(&playbook),
            playbook,
        }))
    }

    /// A rule as reading it from a document would give it, with every name that it uses checked.
    fn checked(&self, rule: &Rule<Directive>) -> Result<Rule<Directive>, Diagnostics> {
        let document = Document::from_value(&json!({ "rules": [rule] }))?;
        let fields = self.encoding().fields().clone();
        let mut reader = Reader::new(&document, self.limits()).with_fields(&fields);
        let node = document.root().entry("rules").unwrap_or_else(|| document.root());
        let read = reader.within("rules", |reader| Vec::<Rule<Directive>>::read(node, reader));
        if let Some(rules) = &read {
            let alone = Playbook { rules: rules.clone(), ..self.without_rules() };
            check::references(&alone, document.root(), &mut reader);
        }
        let rule = read.and_then(|mut rules| rules.pop());
        reader.finish(rule).map(|(rule, _)| rule)
    }

    fn without_rules(&self) -> Playbook {
        let known = self.playbook();
        Playbook {
            queues: known.queues.clone(),
            departments: known.departments.clone(),
            topics: known.topics.clone(),
            texts: known.texts.clone(),
            features: known.features.clone(),
            levels: known.levels.clone(),
            answers: known.answers.clone(),
            articles: known.articles.clone(),
            calendars: known.calendars.clone(),
            ..Playbook::new(known.name.clone(), &known.version, known.languages.clone())
        }
    }
}
