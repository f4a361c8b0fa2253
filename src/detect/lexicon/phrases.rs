//! All patterns of a layer as one automaton over words: from the start of a phrase, one step a token.
//!
//! Walking over whole words finds nothing inside them, needs no check of bounds, and cannot report nested hits without
//! end. States that lead to the same ends are one, so that the many spellings of a pattern share their tails.

use std::collections::BTreeMap;

use super::vocabulary::{ANY, Vocabulary, resolve};
use crate::num::{narrow, wide};
use crate::text::{Flags, Token, Tokens};

/// Steps that one token start may take, whatever the lexicons hold.
const FUEL: u32 = 512;
/// Steps of a state that are looked through one by one.
const FEW: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Step {
    word: u32,
    to: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct State {
    /// Where its steps start; they end where those of the next state start.
    steps: u32,
    /// What the patterns that end here stand for; 0 for nothing.
    value: u32,
    /// For whom the patterns are that end here or further on.
    reach: Reach,
}

/// For whom entries are: the languages they belong to, as bits, and whether they tell a language.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::detect) struct Reach(u32);

impl Reach {
    pub(in crate::detect) const ALL: Self = Self(u32::MAX);
    /// Words that tell a language, whichever is spoken.
    pub(in crate::detect) const TELLS: Self = Self(1 << 31);

    /// What is said in a language, by its number; 0 is for what counts in every language.
    #[inline]
    pub(in crate::detect) const fn language(number: u8) -> Self {
        Self(1 << if number > 30 { 30 } else { number })
    }

    /// What is said in the language at a place of the list of languages; their numbers start from 1.
    pub(in crate::detect) fn placed(at: usize) -> Self {
        Self::language(u8::try_from(at).unwrap_or(u8::MAX).saturating_add(1))
    }

    /// Both together.
    #[inline]
    pub(in crate::detect) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether they have anything in common.
    #[inline]
    pub(in crate::detect) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A map from sequences of words to values, laid out for walking.
#[derive(Debug, Clone, Default)]
pub(in crate::detect) struct Phrases {
    vocabulary: Vocabulary,
    /// By the number of the first word.
    root: Vec<u32>,
    /// State 0 is none.
    states: Vec<State>,
    steps: Vec<Step>,
    /// For whom any of the patterns is.
    reach: Reach,
}

/// The numbers of each token's words: as it is spelled and, if it is elongated, with its runs of letters cut to two, to
/// one, and to both.
#[derive(Debug, Clone, Default)]
pub(in crate::detect) struct Words {
    numbers: Vec<u32>,
    ends: Vec<[u32; 4]>,
}

impl Words {
    /// The spellings of a token that are known, each as the numbers it stands for, as it is spelled first.
    #[inline]
    fn spellings(&self, at: usize) -> impl Iterator<Item = &[u32]> {
        let mut start = at.checked_sub(1).map_or(0, |before| self.end(before));
        let ends = self.ends.get(at).into_iter().flatten();
        ends.filter_map(move |&end| {
            let from = std::mem::replace(&mut start, end);
            if from == end { None } else { self.numbers.get(wide(from)..wide(end)) }
        })
    }

    /// Whether no pattern has a word that token `at` can be.
    #[inline]
    fn is_unknown(&self, at: usize) -> bool {
        at.checked_sub(1).map_or(0, |before| self.end(before)) == self.end(at)
    }

    /// Where the numbers of a token end.
    #[inline]
    fn end(&self, at: usize) -> u32 {
        self.ends.get(at).map_or(0, |ends| ends[3])
    }

    fn clear(&mut self) {
        self.numbers.clear();
        self.ends.clear();
    }

    fn end_token(&mut self) {
        self.ends.push([narrow(self.numbers.len()); 4]);
    }

    fn end_squeezed(&mut self, nth: usize) {
        let end = narrow(self.numbers.len());
        let ends = self.ends.last_mut().into_iter().flatten();
        ends.skip(nth.min(2).wrapping_add(1)).for_each(|known| *known = end);
    }
}

#[inline]
fn note(words: &mut [Words; 2], layer: usize, number: u32) {
    if let Some(words) = words.get_mut(layer) {
        words.numbers.push(number);
    }
}

impl Phrases {
    pub(in crate::detect) const fn bytes(&self) -> usize {
        let states = self.states.len().saturating_mul(size_of::<State>());
        let steps = self.steps.len().saturating_mul(size_of::<Step>());
        let root = self.root.len().saturating_mul(4);
        self.vocabulary.bytes().saturating_add(states).saturating_add(steps).saturating_add(root)
    }

    /// Looks the words of a text up in two layers.
    pub(in crate::detect) fn read(layers: [&Self; 2], text: &str, tokens: &Tokens, words: &mut [Words; 2]) {
        let vocabularies = layers.map(|phrases| &phrases.vocabulary);
        words.iter_mut().for_each(Words::clear);
        let bytes = text.as_bytes();
        for token in tokens.list() {
            let word = bytes.get(wide(token.start)..wide(token.end)).unwrap_or_default();
            resolve(vocabularies, word, &mut |layer, number| note(words, layer, number));
            words.iter_mut().for_each(Words::end_token);
            for (at, squeezed) in tokens.squeezed(token).enumerate() {
                resolve(vocabularies, squeezed, &mut |layer, number| note(words, layer, number));
                words.iter_mut().for_each(|words| words.end_squeezed(at));
            }
        }
    }

    /// Whether a pattern is the one word that token `at` is.
    pub(in crate::detect) fn knows(&self, words: &Words, at: usize) -> bool {
        words.spellings(at).flatten().any(|&number| self.value_of_word(number) != 0)
    }

    /// What the pattern of one word stands for; 0 for nothing.
    #[inline]
    fn value_of_word(&self, number: u32) -> u32 {
        let state = self.root.get(wide(number)).copied().unwrap_or(0);
        self.states.get(wide(state)).map_or(0, |state| state.value)
    }

    /// Reports every pattern for `reach` that matches from token `first` on: the token after its last, and its value.
    /// Returns the steps.
    #[inline]
    pub(in crate::detect) fn walk(
        &self,
        words: &Words,
        tokens: &[Token],
        first: usize,
        reach: Reach,
        found: &mut impl FnMut(usize, u32),
    ) -> u32 {
        let any = self.root.first().copied().unwrap_or(0);
        if !self.reach.meets(reach) || (any == 0 && words.is_unknown(first)) {
            return 0;
        }
        let mut walk = Walk { phrases: self, words, tokens, reach, found, fuel: FUEL };
        walk.token(first, any, |number| self.root.get(wide(number)).copied().unwrap_or(0));
        FUEL.saturating_sub(walk.fuel)
    }

    /// The values of the patterns of one word that `word` matches.
    pub(in crate::detect) fn look_up(&self, word: &[u8], found: &mut impl FnMut(u32)) {
        let mut report = |number: u32| {
            let value = self.value_of_word(number);
            if value != 0 {
                found(value);
            }
        };
        report(ANY);
        resolve([&self.vocabulary], word, &mut |_, number| report(number));
    }

    /// The value of exactly this pattern.
    pub(in crate::detect) fn exact<'w>(&self, words: impl Iterator<Item = &'w [u8]>) -> Option<u32> {
        let mut state = None;
        for word in words {
            let number = self.vocabulary.number(word)?;
            let to = match state {
                None => self.root.get(wide(number)).copied().unwrap_or(0),
                Some(state) => step(self.steps_of(state), number),
            };
            state = Some(to).filter(|&to| to != 0);
            state?;
        }
        self.states.get(wide(state?)).map(|state| state.value).filter(|&value| value != 0)
    }

    #[inline]
    fn steps_of(&self, state: u32) -> &[Step] {
        let at = wide(state);
        let start = self.states.get(at).map_or(0, |state| state.steps);
        let end = self.states.get(at.wrapping_add(1)).map_or(0, |state| state.steps);
        self.steps.get(wide(start)..wide(end)).unwrap_or_default()
    }
}

/// Where a word leads among steps in the order of their words; 0 for nowhere.
#[inline]
fn step(steps: &[Step], word: u32) -> u32 {
    if steps.len() <= FEW {
        return steps.iter().find(|step| step.word == word).map_or(0, |step| step.to);
    }
    let at = steps.partition_point(|step| step.word < word);
    steps.get(at).filter(|step| step.word == word).map_or(0, |step| step.to)
}

struct Walk<'a, F> {
    phrases: &'a Phrases,
    words: &'a Words,
    tokens: &'a [Token],
    reach: Reach,
    found: &'a mut F,
    fuel: u32,
}

impl<F: FnMut(usize, u32)> Walk<'_, F> {
    /// Reads token `at` under its own spelling or, if that leads nowhere, squeezed.
    #[inline]
    fn token(&mut self, at: usize, any: u32, step: impl Fn(u32) -> u32) {
        let mut led = any != 0;
        if led {
            self.arrive(any, at);
        }
        let words = self.words;
        for numbers in words.spellings(at) {
            for &number in numbers {
                let Some(fuel) = self.fuel.checked_sub(1) else { return };
                self.fuel = fuel;
                let to = step(number);
                if to != 0 {
                    led = true;
                    self.arrive(to, at);
                }
            }
            if led {
                return;
            }
        }
    }

    /// A token is read: reports the patterns that end here, and reads on.
    fn arrive(&mut self, state: u32, at: usize) {
        let next = at.wrapping_add(1);
        let Some(State { value, reach, .. }) = self.phrases.states.get(wide(state)).copied() else { return };
        if !reach.meets(self.reach) {
            return;
        }
        if value != 0 {
            (self.found)(next, value);
        }
        let steps = self.phrases.steps_of(state);
        if !steps.is_empty() && self.tokens.get(next).is_some_and(|token| token.flags.has(Flags::JOINED)) {
            let any = steps.first().filter(|step| step.word == ANY).map_or(0, |step| step.to);
            self.token(next, any, |number| self::step(steps, number));
        }
    }
}

/// A sequence of words and where it may go on, while patterns are still being added.
#[derive(Debug, Clone, Copy, Default)]
struct Node {
    word: u32,
    value: u32,
    child: u32,
    sibling: u32,
}

/// Takes patterns, and lays them out at the end.
#[derive(Debug)]
pub(in crate::detect) struct Builder {
    vocabulary: Vocabulary,
    /// Node 0 is the root.
    nodes: Vec<Node>,
    edges: Edges,
    /// The words and nodes of the pattern before, which the next one often starts like.
    path: Vec<(u32, u32)>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            vocabulary: Vocabulary::default(),
            nodes: vec![Node::default()],
            edges: Edges::default(),
            path: Vec::new(),
        }
    }
}

impl Builder {
    /// The value of a pattern, to be set; 0 for a new one.
    pub(in crate::detect) fn value<'w>(&mut self, words: impl Iterator<Item = &'w [u8]>) -> &mut u32 {
        let mut node = 0;
        let mut length = 0_usize;
        for word in words {
            let number = self.vocabulary.intern(word);
            node = match self.path.get(length) {
                Some(&(known, child)) if known == number => child,
                _ => {
                    self.path.truncate(length);
                    let child = self.child(node, number);
                    self.path.push((number, child));
                    child
                }
            };
            length = length.saturating_add(1);
        }
        self.path.truncate(length);
        let at = wide(node).min(self.nodes.len().saturating_sub(1));
        self.value_at(at)
    }

    #[expect(clippy::indexing_slicing, reason = "the caller's bound; a reference must come from somewhere")]
    fn value_at(&mut self, at: usize) -> &mut u32 {
        &mut self.nodes[at].value
    }

    /// The value of a pattern, if it was ever added.
    pub(in crate::detect) fn known<'w>(&mut self, words: impl Iterator<Item = &'w [u8]>) -> Option<&mut u32> {
        let mut node = 0;
        for word in words {
            node = self.edges.find(node, self.vocabulary.number(word)?)?;
        }
        self.nodes.get_mut(wide(node)).map(|node| &mut node.value)
    }

    fn child(&mut self, parent: u32, word: u32) -> u32 {
        if let Some(child) = self.edges.find(parent, word) {
            return child;
        }
        let child = narrow(self.nodes.len());
        let sibling =
            self.nodes.get_mut(wide(parent)).map_or(0, |node| std::mem::replace(&mut node.child, child));
        self.nodes.push(Node { word, value: 0, child: 0, sibling });
        self.edges.put(parent, word, child);
        child
    }

    /// Lays everything out: from the tails to the heads, each state once. `reaches` says for whom each value is.
    pub(in crate::detect) fn finish(self, reaches: &[Reach]) -> Phrases {
        let mut layout = Layout::default();
        let mut states = vec![0_u32; self.nodes.len()];
        let mut steps = Vec::new();
        for at in (1..self.nodes.len()).rev() {
            let Some(node) = self.nodes.get(at) else { continue };
            self.steps(node, &states, &mut steps);
            let state = layout.state(node.value, reaches, &steps);
            if let Some(known) = states.get_mut(at) {
                *known = state;
            }
        }
        let mut root = vec![0; self.vocabulary.len()];
        if let Some(first) = self.nodes.first() {
            self.steps(first, &states, &mut steps);
        }
        for step in &steps {
            if let Some(to) = root.get_mut(wide(step.word)) {
                *to = step.to;
            }
        }
        layout.finish(self.vocabulary, root)
    }

    /// The steps of a node whose children have their states.
    fn steps(&self, node: &Node, states: &[u32], steps: &mut Vec<Step>) {
        steps.clear();
        let mut child = node.child;
        while let Some(node) = self.nodes.get(wide(child)).filter(|_| child != 0) {
            let to = states.get(wide(child)).copied().unwrap_or(0);
            if to != 0 {
                steps.push(Step { word: node.word, to });
            }
            child = node.sibling;
        }
        steps.sort_unstable_by_key(|step| step.word);
    }
}

/// Where each node goes from each word: a table with open addressing, at most half full.
#[derive(Debug, Default)]
struct Edges {
    slots: Vec<(u64, u32)>,
    taken: usize,
}

impl Edges {
    fn key(node: u32, word: u32) -> u64 {
        (u64::from(node) << 32) | u64::from(word)
    }

    fn place(&self, key: u64) -> usize {
        let mixed = key.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        usize::try_from(mixed >> 32).unwrap_or(0) & self.slots.len().wrapping_sub(1)
    }

    fn find(&self, node: u32, word: u32) -> Option<u32> {
        let key = Self::key(node, word);
        let mut at = self.place(key);
        loop {
            match *self.slots.get(at)? {
                (_, 0) => return None,
                (known, child) if known == key => return Some(child),
                _ => at = at.wrapping_add(1) & self.slots.len().wrapping_sub(1),
            }
        }
    }

    fn put(&mut self, node: u32, word: u32, child: u32) {
        self.taken = self.taken.saturating_add(1);
        if self.taken.saturating_mul(2) > self.slots.len() {
            let larger = vec![(0, 0); self.slots.len().saturating_mul(2).max(16)];
            let old = std::mem::replace(&mut self.slots, larger);
            old.into_iter().filter(|(_, child)| *child != 0).for_each(|(key, child)| self.set(key, child));
        }
        self.set(Self::key(node, word), child);
    }

    fn set(&mut self, key: u64, child: u32) {
        let mut at = self.place(key);
        while let Some(slot) = self.slots.get_mut(at) {
            if slot.1 == 0 {
                *slot = (key, child);
                return;
            }
            at = at.wrapping_add(1) & self.slots.len().wrapping_sub(1);
        }
    }
}

/// States being laid out.
#[derive(Debug, Default)]
struct Layout {
    phrases: Phrases,
    /// The states by a hash of what they are, to find equal ones.
    known: BTreeMap<u64, u32>,
}

impl Layout {
    /// The state with this value and these steps; 0 for one that leads nowhere.
    fn state(&mut self, value: u32, reaches: &[Reach], steps: &[Step]) -> u32 {
        if value == 0 && steps.is_empty() {
            return 0;
        }
        let mut hash = u64::from(value).wrapping_add(1);
        for step in steps {
            hash = (hash ^ Edges::key(step.word, step.to)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            hash ^= hash >> 32;
        }
        let phrases = &mut self.phrases;
        if phrases.states.is_empty() {
            phrases.states.push(State::default());
        }
        if let Some(&state) = self.known.get(&hash)
            && phrases.states.get(wide(state)).is_some_and(|known| known.value == value)
            && phrases.steps_of_open(state) == steps
        {
            return state;
        }
        let state = narrow(phrases.states.len());
        let reach = reaches.get(wide(value)).copied().unwrap_or_default();
        let reach = steps.iter().fold(reach, |reach, step| reach.with(phrases.reach_of(step.to)));
        phrases.states.push(State { steps: narrow(phrases.steps.len()), value, reach });
        phrases.steps.extend_from_slice(steps);
        phrases.reach = phrases.reach.with(reach);
        self.known.insert(hash, state);
        state
    }

    fn finish(mut self, mut vocabulary: Vocabulary, root: Vec<u32>) -> Phrases {
        vocabulary.seal();
        let end = narrow(self.phrases.steps.len());
        if !self.phrases.states.is_empty() {
            // What bounds the steps of the last one.
            self.phrases.states.push(State { steps: end, ..State::default() });
        }
        self.phrases.steps.shrink_to_fit();
        self.phrases.states.shrink_to_fit();
        Phrases { vocabulary, root, ..self.phrases }
    }
}

impl Phrases {
    fn reach_of(&self, state: u32) -> Reach {
        self.states.get(wide(state)).map(|state| state.reach).unwrap_or_default()
    }

    /// The steps of a state while others are still to come.
    fn steps_of_open(&self, state: u32) -> &[Step] {
        let start = self.states.get(wide(state)).map_or(0, |state| wide(state.steps));
        let next = self.states.get(wide(state).saturating_add(1));
        let end = next.map_or(self.steps.len(), |state| wide(state.steps));
        self.steps.get(start..end).unwrap_or_default()
    }
}
