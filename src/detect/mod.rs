//! Stage 2: what a text shows, as signals with spans, confidence and detector.

pub mod pii;
