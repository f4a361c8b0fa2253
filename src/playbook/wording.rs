//! A test in plain words, in Italian and in English.

use std::fmt::Write as _;

use super::condition::{Literal, Test};
use super::operator::{Operator, Takes};
use crate::model::{Language, Seconds};

impl Test {
    /// The test as a sentence says it: in Italian, or for any other language in English.
    ///
    /// Its words are the playbook's own: a field, and what it is compared with.
    ///
    /// ```
    /// use galateo::model::Language;
    /// use galateo::playbook::field;
    /// let condition = field("sentiment").below(-400) & field("orders").any_of(["delayed", "shipped"]);
    /// let said: Vec<_> = condition.tests().map(|test| test.in_words(Language::It)).collect();
    /// assert_eq!(said, ["`sentiment` è minore di -400", "`orders` è o contiene uno di delayed, shipped"]);
    /// ```
    #[must_use]
    pub fn in_words(&self, language: Language) -> String {
        let is_false = self.literals() == [Literal::Flag(false)];
        let (english, italian) = match (self.operator(), is_false) {
            (Operator::Present, true) => ("is missing", "manca"),
            (Operator::Changed, true) => ("did not change", "non è cambiato"),
            (operator, _) => words(operator),
        };
        let mut said =
            format!("`{}` {}", self.field(), if language == Language::It { italian } else { english });
        if self.operator().takes() != Takes::Flag {
            self.write_literals(&mut said, language);
        }
        said
    }

    fn write_literals(&self, said: &mut String, language: Language) {
        if self.literals().is_empty() {
            said.push_str(if language == Language::It { " (niente)" } else { " (nothing)" });
        }
        let between = match (self.operator(), language) {
            (Operator::Between, Language::It) => " fino a, escluso,",
            (Operator::Between, _) => " up to, excluded,",
            _ => ",",
        };
        let is_span = self.operator().takes() == Takes::Span;
        for (i, literal) in self.literals().iter().enumerate() {
            if i > 0 {
                said.push_str(between);
            }
            said.push(' ');
            match literal {
                Literal::Number(number) if is_span => {
                    said.push_str(&span(Seconds::new(number.as_i64().unwrap_or_default())));
                }
                Literal::Text(text) => said.push_str(text),
                other => _ = write!(said, "{other:?}"),
            }
        }
    }
}

/// A span of time as a playbook writes it, such as `1h30m`.
pub(super) fn span(seconds: Seconds) -> String {
    let mut left = seconds.get();
    if left == 0 {
        return "0s".to_owned();
    }
    let mut said = String::new();
    if left < 0 {
        said.push('-');
        left = left.saturating_neg();
    }
    for (unit, size) in [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)] {
        let count = left.checked_div(size).unwrap_or_default();
        left = left.checked_rem(size).unwrap_or_default();
        if count > 0 {
            _ = write!(said, "{count}{unit}");
        }
    }
    said
}

/// What an operator says between the field and the literals, in English and in Italian.
const fn words(operator: Operator) -> (&'static str, &'static str) {
    match operator {
        Operator::Above => ("is above", "è maggiore di"),
        Operator::AllOf => ("has all of", "ha tutti fra"),
        Operator::AnyOf => ("is or has one of", "è o contiene uno di"),
        Operator::AtLeast => ("is at least", "è almeno"),
        Operator::AtMost => ("is at most", "è al massimo"),
        Operator::Below => ("is below", "è minore di"),
        Operator::Between => ("lies from", "va da"),
        Operator::Changed => ("changed", "è cambiato"),
        Operator::ChangedFrom => ("changed from", "è cambiato, prima era"),
        Operator::ChangedTo => ("changed to", "è cambiato in"),
        Operator::Contains => ("contains", "contiene"),
        Operator::ContainsWord => ("contains the word", "contiene la parola"),
        Operator::EndsWith => ("ends with", "finisce con"),
        Operator::Has => ("has", "contiene"),
        Operator::Is => ("is", "è"),
        Operator::IsNot => ("is not", "non è"),
        Operator::Language => ("is of the language", "è della lingua"),
        Operator::Matches => ("matches", "corrisponde a"),
        Operator::NoneOf => ("is and has none of", "non è e non contiene nessuno di"),
        Operator::OlderThan => ("is older than", "è più vecchio di"),
        Operator::Present => ("is present", "è presente"),
        Operator::StartsWith => ("starts with", "comincia con"),
        Operator::VersionAtLeast => ("is version or later", "è la versione o una successiva a"),
        Operator::VersionBelow => ("is a version before", "è una versione precedente a"),
        Operator::WithinLast => ("lies within the last", "è entro gli ultimi"),
        Operator::WithinNext => ("lies within the next", "è entro i prossimi"),
    }
}
