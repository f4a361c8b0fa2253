//! The lexicons that come with the crate, in the order in which they are read: concepts before the rules that use them.

macro_rules! lexicons {
    ($($path:literal,)*) => {
        /// The text of each built-in lexicon.
        pub(in crate::detect) const BUILT_IN: &[&str] = &[$(include_str!($path),)*];
    };
}

lexicons! {
    "it/core.txt",
    "it/care.txt",
    "it/valence.txt",
    "it/intents.txt",
    "it/agent.txt",
    "it/kinds.txt",
    "it/profanity.txt",
    "en/core.txt",
    "en/care.txt",
    "en/valence.txt",
    "en/intents.txt",
    "en/kinds.txt",
    "en/agent.txt",
    "en/profanity.txt",
    "other/languages_de.txt",
    "other/languages_es.txt",
    "other/languages_fr.txt",
    "emoji.txt",
}
