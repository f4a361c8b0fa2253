//! Replies that repeat earlier ones: the share of letter triples that two texts have in common (R73).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::num::wide;
use crate::text::{Flags, Folded, Token, Tokens};

/// Letters under which a reply is a courtesy that anybody may repeat.
const COURTESY_LETTERS: u32 = 40;
/// Triples kept of one text.
const MAX_GRAMS: usize = 4096;
/// Tokens of a last line that is a signature.
const SIGNATURE_TOKENS: usize = 3;

/// Similarity, in thousandths, from which a customer notices that a reply was copied.
pub const REUSE_THRESHOLD: u16 = 500;

/// The letter triples of a text, without what differs in every copy: names, numbers, links, greeting and signature.
///
/// No text can be read back from it.
///
/// ```
/// use galateo::detect::Fingerprint;
/// let first = Fingerprint::of("Ciao Anna, ci dispiace per il ritardo: il pacco 12 parte domani dal nostro deposito.");
/// let again = Fingerprint::of("Ciao Luca, ci dispiace per il ritardo: il pacco 77 parte domani dal nostro deposito!");
/// assert!(first.similarity(&again) > 900);
/// ```
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Fingerprint {
    /// Ascending, each once.
    grams: Vec<u32>,
    letters: u32,
}

/// As it comes from the host's store, in whatever order.
#[derive(Deserialize)]
struct Stored {
    grams: Vec<u32>,
    letters: u32,
}

impl From<Stored> for Fingerprint {
    fn from(stored: Stored) -> Self {
        Self::sorted(stored.grams, stored.letters)
    }
}

impl Fingerprint {
    /// The fingerprint of a reply.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let folded = Folded::new(text);
        let tokens = Tokens::new(&folded, text);
        let body = body(tokens.list());
        let mut letters = 0_u32;
        let mut grams = Vec::new();
        let mut window = [b' '; 3];
        for token in body.iter().filter(|token| is_kept(token)) {
            let word = folded.as_str().as_bytes().get(wide(token.start)..wide(token.end)).unwrap_or_default();
            for &byte in word.iter().chain(b" ") {
                window = [window[1], window[2], byte];
                letters = letters.saturating_add(u32::from(byte != b' '));
                if grams.len() < MAX_GRAMS {
                    grams.push(u32::from_be_bytes([0, window[0], window[1], window[2]]));
                }
            }
        }
        Self::sorted(grams, letters)
    }

    fn sorted(mut grams: Vec<u32>, letters: u32) -> Self {
        grams.truncate(MAX_GRAMS);
        grams.sort_unstable();
        grams.dedup();
        Self { grams, letters }
    }

    /// The triples that both have among those that either has, in thousandths (Jaccard).
    #[must_use]
    pub fn similarity(&self, other: &Self) -> u16 {
        let (mut common, mut theirs) = (0_usize, other.grams.iter().peekable());
        for gram in &self.grams {
            while theirs.next_if(|other| *other < gram).is_some() {}
            common = common.saturating_add(usize::from(theirs.peek() == Some(&gram)));
        }
        let either = self.grams.len().saturating_add(other.grams.len()).saturating_sub(common);
        let thousandths = common.saturating_mul(1000).checked_div(either).unwrap_or(0);
        u16::try_from(thousandths).unwrap_or(1000)
    }

    /// Whether the text is too short for a repetition to mean anything.
    #[must_use]
    pub const fn is_courtesy(&self) -> bool {
        self.letters < COURTESY_LETTERS
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fingerprint").field("grams", &self.grams.len()).finish()
    }
}

/// The tokens without a greeting in front and a signature behind.
fn body(tokens: &[Token]) -> &[Token] {
    let Some(last) = tokens.last() else { return tokens };
    let signature = tokens.iter().rev().take_while(|token| token.sentence == last.sentence).count();
    let end =
        if signature <= SIGNATURE_TOKENS { tokens.len().saturating_sub(signature) } else { tokens.len() };
    let body = tokens.get(..end).filter(|body| !body.is_empty()).unwrap_or(tokens);
    let greeting = body
        .iter()
        .skip(1)
        .take(4)
        .position(|token| token.flags.has(Flags::CLAUSE))
        .map_or(0, |at| at.saturating_add(1));
    body.get(greeting..).unwrap_or(body)
}

/// Names, numbers, links and signs differ in every copy.
fn is_kept(token: &Token) -> bool {
    const VARYING: Flags = Flags::NUMBER
        .with(Flags::MIXED)
        .with(Flags::LINK)
        .with(Flags::MAIL)
        .with(Flags::HANDLE)
        .with(Flags::SYMBOL);
    let name = token.flags.has(Flags::TITLE) && !token.flags.has(Flags::CLAUSE);
    !token.flags.has(VARYING) && !name
}
