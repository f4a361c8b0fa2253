//! All patterns of all lexicons in one automaton: a double-array trie walked from the start of each token.
//!
//! A key is a sequence of tokens joined by a blank; the byte [`STAR`] stands for the rest of a token. Walking from token
//! starts alone finds whole words only, needs no check of bounds, and cannot report nested hits without end.

use crate::num::{narrow, wide};
use crate::text::{Flags, Tokens};

/// In a key: whatever is left of the token.
pub(in crate::detect) const STAR: u8 = 1;
const BLANK: u8 = b' ';

/// Steps that one token start may take, whatever the lexicons hold.
const FUEL: u32 = 512;

#[derive(Debug, Clone, Copy, Default)]
struct Node {
    /// The child by a byte stands at `base + byte`, if its `parent` is this node.
    base: u32,
    /// One more than the parent; 0 marks a free place.
    parent: u32,
    /// One more than the value, 0 for none; above it the bits [`HAS_STAR`] and [`HAS_BLANK`].
    value: u32,
}

/// The node has a child by [`STAR`].
const HAS_STAR: u32 = 1 << 31;
/// The node has a child by [`BLANK`].
const HAS_BLANK: u32 = 1 << 30;

impl Node {
    const fn value(self) -> Option<u32> {
        (self.value & !(HAS_STAR | HAS_BLANK)).checked_sub(1)
    }
}

/// A node whose children are still to be placed, and the keys that lead through it.
struct Open<'k> {
    node: u32,
    depth: usize,
    keys: &'k [(Vec<u8>, u32)],
}

/// A map from keys to values, laid out for walking.
#[derive(Debug, Clone, Default)]
pub(in crate::detect) struct Trie {
    nodes: Vec<Node>,
}

impl Trie {
    /// Builds from keys in ascending order, each once.
    pub(in crate::detect) fn new(keys: &[(Vec<u8>, u32)]) -> Self {
        let mut trie = Self { nodes: vec![Node::default(); 512] };
        if let Some(root) = trie.nodes.first_mut() {
            root.parent = u32::MAX;
        }
        // No child stands below 256, where few bytes could reach it and every search would begin.
        let mut first_free = 256;
        let mut open = vec![Open { node: 0, depth: 0, keys }];
        while let Some(next) = open.pop() {
            trie.place(&next, &mut first_free, &mut open);
        }
        trie.nodes.shrink_to_fit();
        trie
    }

    pub(in crate::detect) fn bytes(&self) -> usize {
        self.nodes.len().saturating_mul(size_of::<Node>())
    }

    /// Places the children of a node, whose keys all share their first `depth` bytes.
    fn place<'k>(&mut self, parent: &Open<'k>, first_free: &mut usize, open: &mut Vec<Open<'k>>) {
        let Open { node, depth, keys } = *parent;
        let mut rest = keys;
        if let Some(((key, value), after)) = rest.split_first()
            && key.len() == depth
        {
            self.set(node, |n| n.value |= value.saturating_add(1));
            rest = after;
        }
        let groups: Vec<&[(Vec<u8>, u32)]> = rest.chunk_by(|a, b| a.0.get(depth) == b.0.get(depth)).collect();
        let label = |group: &[(Vec<u8>, u32)]| group.first().and_then(|(key, _)| key.get(depth)).copied();
        let labels: Vec<u8> = groups.iter().filter_map(|group| label(group)).collect();
        let Some(&lowest) = labels.first() else { return };
        let base = self.find_base(&labels, lowest, first_free);
        self.set(node, |n| n.base = narrow(base));
        for (label, group) in labels.iter().zip(groups) {
            let child = base.saturating_add(usize::from(*label));
            self.set(narrow(child), |n| n.parent = node.saturating_add(1));
            match *label {
                STAR => self.set(node, |n| n.value |= HAS_STAR),
                BLANK => self.set(node, |n| n.value |= HAS_BLANK),
                _ => {}
            }
            open.push(Open { node: narrow(child), depth: depth.saturating_add(1), keys: group });
        }
    }

    fn set(&mut self, node: u32, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(wide(node)) {
            change(node);
        }
    }

    fn is_free(&self, at: usize) -> bool {
        self.nodes.get(at).is_none_or(|node| node.parent == 0)
    }

    /// A base from which all places for `labels` are free.
    fn find_base(&mut self, labels: &[u8], lowest: u8, first_free: &mut usize) -> usize {
        while !self.is_free(*first_free) {
            *first_free = first_free.saturating_add(1);
        }
        let lowest = usize::from(lowest);
        let mut at = (*first_free).max(lowest);
        let mut tried = 0_usize;
        loop {
            if self.is_free(at) {
                let base = at.saturating_sub(lowest);
                if labels.iter().all(|&label| self.is_free(base.saturating_add(usize::from(label)))) {
                    let needed = base.saturating_add(257);
                    if self.nodes.len() < needed {
                        self.nodes.resize(needed, Node::default());
                    }
                    return base;
                }
                tried = tried.saturating_add(1);
                // Nearly full regions are not worth another look.
                if tried > 64 && labels.len() > 1 {
                    *first_free = (*first_free).saturating_add(16).min(at);
                    tried = 0;
                }
            }
            at = at.saturating_add(1);
        }
    }

    #[inline]
    fn child(&self, node: u32, byte: u8) -> Option<u32> {
        let base = self.nodes.get(wide(node))?.base;
        let at = base.wrapping_add(u32::from(byte));
        self.nodes.get(wide(at)).filter(|child| child.parent == node.wrapping_add(1)).map(|_| at)
    }

    /// Reports every key that matches from token `first` on: the token after its last, and its value. Returns the steps.
    pub(in crate::detect) fn walk(
        &self,
        text: &str,
        tokens: &Tokens,
        first: usize,
        found: &mut impl FnMut(usize, u32),
    ) -> u32 {
        let mut walk = Walk { trie: self, text: text.as_bytes(), tokens, found, fuel: FUEL };
        walk.token(0, first);
        FUEL.saturating_sub(walk.fuel)
    }

    /// Whether `word`, as a token of its own, is a key or starts with one that ends in a star.
    pub(in crate::detect) fn look_up(&self, word: &[u8], found: &mut impl FnMut(u32)) {
        let mut node = 0;
        for &byte in word {
            self.report(self.child(node, STAR), found);
            match self.child(node, byte) {
                Some(next) => node = next,
                None => return,
            }
        }
        self.report(self.child(node, STAR), found);
        self.report(Some(node), found);
    }

    fn report(&self, node: Option<u32>, found: &mut impl FnMut(u32)) {
        if let Some(value) = node.and_then(|node| self.nodes.get(wide(node))).and_then(|node| node.value()) {
            found(value);
        }
    }
}

struct Walk<'a, F> {
    trie: &'a Trie,
    text: &'a [u8],
    tokens: &'a Tokens,
    found: &'a mut F,
    fuel: u32,
}

impl<F: FnMut(usize, u32)> Walk<'_, F> {
    /// Reads token `at` from `node` on, under its own spelling or, if that leads nowhere, squeezed.
    fn token(&mut self, node: u32, at: usize) {
        let Some(token) = self.tokens.list().get(at) else { return };
        let spelled = self.text.get(wide(token.start)..wide(token.end)).unwrap_or_default();
        if self.spelling(node, at, spelled) || !token.flags.has(Flags::ELONGATED) {
            return;
        }
        for squeezed in self.tokens.squeezed(token) {
            if self.spelling(node, at, squeezed) {
                return;
            }
        }
    }

    /// Whether the spelling led anywhere.
    fn spelling(&mut self, start: u32, at: usize, word: &[u8]) -> bool {
        let nodes = self.trie.nodes.as_slice();
        let mut number = start;
        let Some(&(mut node)) = nodes.get(wide(start)) else { return false };
        let mut starred = false;
        for &byte in word {
            if node.value & HAS_STAR != 0 {
                starred |= self.star(number, at);
            }
            let next = node.base.wrapping_add(u32::from(byte));
            match nodes.get(wide(next)) {
                Some(child) if child.parent == number.wrapping_add(1) => (number, node) = (next, *child),
                _ => return starred,
            }
            self.fuel = self.fuel.saturating_sub(1);
            if self.fuel == 0 {
                return starred;
            }
        }
        if node.value & HAS_STAR != 0 {
            starred |= self.star(number, at);
        }
        self.arrive(number, node, at) | starred
    }

    fn star(&mut self, node: u32, at: usize) -> bool {
        let star = self.trie.child(node, STAR);
        let found = star.and_then(|star| Some((star, *self.trie.nodes.get(wide(star))?)));
        found.is_some_and(|(number, node)| self.arrive(number, node, at))
    }

    /// A token is read to its end: reports the key that ends here, and reads on.
    fn arrive(&mut self, number: u32, node: Node, at: usize) -> bool {
        let next = at.saturating_add(1);
        if let Some(value) = node.value() {
            (self.found)(next, value);
        }
        if node.value & HAS_BLANK != 0
            && self.tokens.list().get(next).is_some_and(|token| token.flags.has(Flags::JOINED))
            && let Some(blank) = self.trie.child(number, BLANK)
        {
            self.token(blank, next);
        }
        node.value & !HAS_STAR != 0
    }
}
