//! All patterns of a layer as one automaton over words: from the start of a phrase, one step a token.
//!
//! Walking over whole words finds nothing inside them, needs no check of bounds, and cannot report nested hits without
//! end. States that lead to the same ends are one, so that the many spellings of a pattern share their tails.

use std::collections::BTreeMap;

use super::vocabulary::{ANY, Vocabulary};
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

/// The numbers of each token's words: as it is spelled and, if it is elongated, in its squeezed spellings.
#[derive(Debug, Clone, Default)]
pub(in crate::detect) struct Words {
    numbers: Vec<u32>,
    /// Where the numbers of each token's own spelling start and end.
    own: Vec<(u32, u32)>,
    /// Of squeezed spellings that are known, the token and where their numbers start and end.
    squeezed: Vec<(u32, u32, u32)>,
}

impl Words {
    /// The numbers of a token as it is spelled.
    #[inline]
    fn own(&self, at: usize) -> &[u32] {
        let (start, end) = self.own.get(at).copied().unwrap_or_default();
        self.numbers.get(wide(start)..wide(end)).unwrap_or_default()
    }

    /// The numbers of a token in each of its squeezed spellings.
    fn squeezed(&self, at: usize) -> impl Iterator<Item = &[u32]> {
        let token = narrow(at);
        let first = self.squeezed.partition_point(|(known, ..)| *known < token);
        let same = self.squeezed.get(first..).unwrap_or_default().iter();
        let same = same.take_while(move |(known, ..)| *known == token);
        same.filter_map(|(_, start, end)| self.numbers.get(wide(*start)..wide(*end)))
    }

    fn clear(&mut self) {
        self.numbers.clear();
        self.own.clear();
        self.squeezed.clear();
    }

    /// Looks up the words that a token can be.
    #[inline]
    fn push(&mut self, vocabulary: &Vocabulary, tokens: &Tokens, token: &Token, word: &[u8]) {
        let start = narrow(self.numbers.len());
        vocabulary.resolve(word, &mut |number| self.numbers.push(number));
        self.own.push((start, narrow(self.numbers.len())));
        if token.flags.has(Flags::ELONGATED) {
            self.push_squeezed(vocabulary, tokens, token);
        }
    }

    /// With all runs of letters cut to two, with all cut to one, and then those that mix both together.
    fn push_squeezed(&mut self, vocabulary: &Vocabulary, tokens: &Tokens, token: &Token) {
        let mut spellings = tokens.squeezed(token);
        self.push_alike(vocabulary, spellings.by_ref().take(1));
        self.push_alike(vocabulary, spellings.by_ref().take(1));
        self.push_alike(vocabulary, spellings);
    }

    fn push_alike<'t>(&mut self, vocabulary: &Vocabulary, spellings: impl Iterator<Item = &'t [u8]>) {
        let (at, start) = (narrow(self.own.len().saturating_sub(1)), narrow(self.numbers.len()));
        for spelling in spellings {
            vocabulary.resolve(spelling, &mut |number| self.numbers.push(number));
        }
        let end = narrow(self.numbers.len());
        if start != end {
            self.squeezed.push((at, start, end));
        }
    }
}

impl Phrases {
    pub(in crate::detect) const fn bytes(&self) -> usize {
        let states = self.states.len().saturating_mul(size_of::<State>());
        let steps = self.steps.len().saturating_mul(size_of::<Step>());
        let root = self.root.len().saturating_mul(4);
        self.vocabulary.bytes().saturating_add(states).saturating_add(steps).saturating_add(root)
    }

    /// Looks the words of a text up.
    pub(in crate::detect) fn read(&self, text: &str, tokens: &Tokens, words: &mut Words) {
        words.clear();
        for token in tokens.list() {
            let word = text.as_bytes().get(wide(token.start)..wide(token.end)).unwrap_or_default();
            words.push(&self.vocabulary, tokens, token, word);
        }
    }

    /// Whether a pattern is the one word that token `at` is.
    pub(in crate::detect) fn knows(&self, words: &Words, at: usize) -> bool {
        let known = |number: &u32| self.value_of_word(*number) != 0;
        words.own(at).iter().any(known) || words.squeezed(at).flatten().any(known)
    }

    /// What the pattern of one word stands for; 0 for nothing.
    #[inline]
    fn value_of_word(&self, number: u32) -> u32 {
        let state = self.root.get(wide(number)).copied().unwrap_or(0);
        self.states.get(wide(state)).map_or(0, |state| state.value)
    }

    /// Whether any pattern for `reach` may match in a text with these words.
    #[inline]
    pub(in crate::detect) fn is_for(&self, reach: Reach, words: &Words) -> bool {
        self.reach.meets(reach) && (self.any() != 0 || !words.numbers.is_empty())
    }

    /// Where any word leads, whichever it is.
    #[inline]
    fn any(&self) -> u32 {
        self.root.first().copied().unwrap_or(0)
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
        let mut walk = Walk { phrases: self, words, tokens, reach, found, fuel: FUEL };
        walk.token(first, self.any(), |number| self.root.get(wide(number)).copied().unwrap_or(0));
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
        self.vocabulary.resolve(word, &mut report);
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
        let words = self.words;
        let mut led = self.follow(any, at);
        for &number in words.own(at) {
            led |= self.follow(step(number), at);
        }
        if !led && self.tokens.get(at).is_some_and(|token| token.flags.has(Flags::ELONGATED)) {
            self.squeezed(at, step);
        }
    }

    /// Reads token `at` under the first of its squeezed spellings that leads anywhere.
    #[inline(never)]
    fn squeezed(&mut self, at: usize, step: impl Fn(u32) -> u32) {
        for numbers in self.words.squeezed(at) {
            let mut led = false;
            for &number in numbers {
                led |= self.follow(step(number), at);
            }
            if led {
                return;
            }
        }
    }

    /// Goes on in a state that token `at` leads to; whether there is one.
    #[inline]
    fn follow(&mut self, state: u32, at: usize) -> bool {
        if let Some(State { value, reach, .. }) = self.phrases.states.get(wide(state)).copied()
            && reach.meets(self.reach)
            && let Some(fuel) = self.fuel.checked_sub(1)
        {
            self.fuel = fuel;
            self.arrive(state, value, at.wrapping_add(1));
        }
        state != 0
    }

    /// The token before `next` is read: reports the patterns that end here, and reads on.
    fn arrive(&mut self, state: u32, value: u32, next: usize) {
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
