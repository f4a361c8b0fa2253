//! Questions to texts: all literals of a field in one automaton, so that a text is read once however
//! many rules look for something in it.

use std::sync::Arc;

use aho_corasick::Anchored;
use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::contiguous::NFA;

use super::operator::Operator;
use crate::num::{narrow, wide};

/// Marks the start and the end of a text, so that "starts with" is a search like any other.
const START: char = '\u{2}';
const END: char = '\u{3}';

/// A question to a text that needs more than comparing it whole.
pub(super) type Question = (Operator, Arc<str>);

/// The questions to one field.
#[derive(Debug, Default)]
pub(super) struct TextTests {
    questions: Vec<Question>,
    folded: Needles,
    worded: Needles,
    /// Questions about the whole text that are asked one by one: languages and versions.
    whole: Vec<u32>,
}

/// Literals sought anywhere in a text: each stands for one or more questions.
#[derive(Debug, Default)]
struct Needles {
    automaton: Option<NFA>,
    questions: Vec<u32>,
}

/// Working memory for one text.
#[derive(Debug, Default)]
pub(super) struct TextBuffers {
    text: String,
    hits: Vec<u64>,
}

impl TextTests {
    /// The questions given, which are sorted and differ; patterns are not among them.
    pub(super) fn new(questions: Vec<Question>) -> Self {
        let pick = |wanted: fn(Operator) -> bool| {
            questions.iter().zip(0_u32..).filter(move |((operator, _), _)| wanted(*operator))
        };
        let is_folded = |o| matches!(o, Operator::Contains | Operator::StartsWith | Operator::EndsWith);
        let folded = Needles::new(pick(is_folded).map(|((o, text), id)| (needle(*o, text), id)).collect());
        let worded = Needles::new(
            pick(|o| o == Operator::ContainsWord).map(|((_, text), id)| (words(text), id)).collect(),
        );
        let is_whole =
            |o| matches!(o, Operator::Language | Operator::VersionAtLeast | Operator::VersionBelow);
        let whole = pick(is_whole).map(|(_, id)| id).collect();
        Self { questions, folded, worded, whole }
    }

    pub(super) fn len(&self) -> u32 {
        narrow(self.questions.len())
    }

    /// The question of a number.
    pub(super) fn question(&self, id: u32) -> Option<&Question> {
        self.questions.get(wide(id))
    }

    /// The number of a question.
    pub(super) fn find(&self, question: &Question) -> Option<u32> {
        self.questions.binary_search(question).ok().map(narrow)
    }

    /// Adds the answers about one text to those of earlier texts.
    pub(super) fn ask(&self, text: &str, buffers: &mut TextBuffers) {
        buffers.hits.resize(self.questions.len().div_ceil(64), 0);
        if self.folded.automaton.is_some() {
            buffers.text.clear();
            buffers.text.push(START);
            fold_into(text, &mut buffers.text);
            buffers.text.push(END);
            self.folded.search(&buffers.text, &mut buffers.hits);
        }
        if self.worded.automaton.is_some() {
            buffers.text.clear();
            words_into(text, &mut buffers.text);
            self.worded.search(&buffers.text, &mut buffers.hits);
        }
        for id in &self.whole {
            if let Some((operator, literal)) = self.questions.get(wide(*id))
                && whole_text_holds(*operator, literal, text)
            {
                set(&mut buffers.hits, *id);
            }
        }
    }
}

impl TextBuffers {
    /// The numbers of the questions answered with yes, in order; forgets them.
    pub(super) fn take_hits(&mut self, mut each: impl FnMut(u32)) {
        for (slot, bits) in self.hits.iter_mut().enumerate() {
            while *bits != 0 {
                each(narrow(slot.saturating_mul(64)).saturating_add(bits.trailing_zeros()));
                *bits &= bits.wrapping_sub(1);
            }
        }
        self.hits.clear();
    }
}

fn set(bits: &mut [u64], id: u32) {
    if let Some(word) = bits.get_mut(wide(id / 64)) {
        *word |= 1_u64 << (id % 64);
    }
}

fn has(bits: &[u64], id: u32) -> bool {
    bits.get(wide(id / 64)).is_some_and(|word| word & (1_u64 << (id % 64)) != 0)
}

impl Needles {
    /// Needles with the questions they answer.
    fn new(mut needles: Vec<(String, u32)>) -> Self {
        needles.retain(|(text, _)| !text.is_empty());
        if needles.is_empty() {
            return Self::default();
        }
        let questions = needles.iter().map(|(_, id)| *id).collect();
        let automaton = NFA::builder().build(needles.iter().map(|(text, _)| text)).ok();
        Self { automaton, questions }
    }

    /// Marks the questions whose needle stands in the text.
    ///
    /// At a place where several needles end, the automaton lists the longest first and the others are
    /// its endings; once the longest is marked, so are they. So each list is walked at most once for
    /// each needle, and the time does not grow with the number of matches.
    fn search(&self, text: &str, hits: &mut [u64]) {
        let Some(automaton) = &self.automaton else { return };
        let Ok(mut state) = automaton.start_state(Anchored::No) else { return };
        for byte in text.bytes() {
            state = automaton.next_state(Anchored::No, state, byte);
            if automaton.is_special(state) && automaton.is_match(state) {
                self.mark(automaton, state, hits);
            }
        }
    }

    fn mark(&self, automaton: &NFA, state: aho_corasick::automaton::StateID, hits: &mut [u64]) {
        for i in 0..automaton.match_len(state) {
            let pattern = automaton.match_pattern(state, i).as_usize();
            let Some(id) = self.questions.get(pattern) else { continue };
            if has(hits, *id) {
                return;
            }
            set(hits, *id);
        }
    }
}

/// What is sought for a question, in a folded text between its marks.
fn needle(operator: Operator, literal: &str) -> String {
    let mut needle = String::new();
    if operator == Operator::StartsWith {
        needle.push(START);
    }
    fold_into(literal, &mut needle);
    if operator == Operator::EndsWith {
        needle.push(END);
    }
    needle
}

/// Small letters, straight quotes, and no marks of ours.
fn fold_into(text: &str, folded: &mut String) {
    for c in text.chars() {
        match c {
            START | END => {}
            '\u{2018}' | '\u{2019}' => folded.push('\''),
            'A'..='Z' => folded.push(c.to_ascii_lowercase()),
            _ if c.is_ascii() => folded.push(c),
            _ => folded.extend(c.to_lowercase()),
        }
    }
}

/// The words of a text, each with a blank before, and a blank at the end.
fn words_into(text: &str, folded: &mut String) {
    folded.push(' ');
    for c in text.chars() {
        if c.is_alphanumeric() {
            folded.extend(c.to_lowercase());
        } else if !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    if !folded.ends_with(' ') {
        folded.push(' ');
    }
}

/// The words of a literal; empty where it has none, which nothing matches.
fn words(literal: &str) -> String {
    let mut folded = String::new();
    words_into(literal, &mut folded);
    if folded == " " { String::new() } else { folded }
}

fn whole_text_holds(operator: Operator, literal: &str, text: &str) -> bool {
    match operator {
        Operator::Language => is_in_language(text, literal),
        Operator::VersionAtLeast => version(text).zip(version(literal)).is_some_and(|(a, b)| a.ge(b)),
        Operator::VersionBelow => version(text).zip(version(literal)).is_some_and(|(a, b)| a.lt(b)),
        _ => false,
    }
}

/// Basic filtering of RFC 4647: the range, or the range and a hyphen, starts the tag.
fn is_in_language(tag: &str, range: &str) -> bool {
    let same =
        |a: u8, b: u8| a.eq_ignore_ascii_case(&b) || (matches!(a, b'-' | b'_') && matches!(b, b'-' | b'_'));
    range == "*"
        || (tag.len() >= range.len()
            && tag.bytes().zip(range.bytes()).all(|(a, b)| same(a, b))
            && tag.as_bytes().get(range.len()).is_none_or(|b| matches!(b, b'-' | b'_')))
}

/// The numbers of a version such as `v2.10.1`; zeros at the end count for nothing.
fn version(text: &str) -> Option<impl Iterator<Item = u64>> {
    let numbers = text.trim().trim_start_matches(['v', 'V']);
    let numbers = numbers.split(['-', '+']).next().unwrap_or_default();
    let legal = |part: &str| !part.is_empty() && part.len() <= 18 && part.bytes().all(|b| b.is_ascii_digit());
    if !numbers.split('.').all(legal) {
        return None;
    }
    let significant = numbers.trim_end_matches(['.', '0']);
    // Cutting zeros may cut into a number such as 10: go to the end of that number.
    let end = numbers.len().min(significant.len().saturating_add(
        numbers.get(significant.len()..).unwrap_or_default().find('.').unwrap_or(numbers.len()),
    ));
    let kept = numbers.get(..end).unwrap_or(numbers);
    Some(kept.split('.').filter_map(|part| part.parse().ok()))
}
