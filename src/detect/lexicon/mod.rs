//! Lexicons: the text format, its faults, and the form that a scan runs on.
//!
//! The format is documented in `README.md` beside this file.

mod builtin;
mod compile;
mod diagnostic;
mod document;
mod outputs;
mod pattern;
mod phrases;
mod tables;
mod vocabulary;

use std::sync::Arc;

use once_cell::sync::Lazy;

use builtin::BUILT_IN;
pub use diagnostic::{Diagnostic, Fault, LexiconError};
pub(super) use document::{Body, Document, Item, Link, Place, Section, Spellings, Test, Writer};
pub(super) use phrases::{Reach, Words};
pub(super) use tables::{
    Any, Check, Compiled, Entry, LAST_LEVEL, Layer, Made, Purpose, Role, Rule, Special, Tables, Target, Term,
    Traits, Trigger, concept_bit,
};

/// A layer that others stand on, and the faults of its lexicons.
struct Ground {
    tables: Arc<Tables>,
    faults: Vec<Diagnostic>,
}

impl Ground {
    fn new(texts: &[&str]) -> Self {
        let (documents, mut faults) = read(texts.iter().copied());
        Self { tables: compile::ground(&documents, &mut faults), faults }
    }
}

/// What the crate makes itself, without any lexicon.
static BARE: Lazy<Ground> = Lazy::new(|| Ground::new(&[]));
/// The built-in lexicons: compiled when they are first asked for, and shared by all detectors from then on.
static BUILT: Lazy<Ground> = Lazy::new(|| Ground::new(BUILT_IN));

/// Compiles lexicons, above the built-in ones or alone.
pub(super) fn compile(built_in: bool, texts: &[String], faults: &mut Vec<Diagnostic>) -> Compiled {
    let ground = if built_in { &*BUILT } else { &*BARE };
    let (documents, mut own) = read(texts.iter().map(String::as_str));
    let (compiled, reaches_below) = compile::above(ground.tables.clone(), &documents, &mut own);
    if built_in && reaches_below {
        // A layer that takes away or re-weighs what is built in needs tables of its own for all of it.
        let all = BUILT_IN.iter().copied().chain(texts.iter().map(String::as_str));
        let (documents, mut all) = read(all);
        let (compiled, _) = compile::above(BARE.tables.clone(), &documents, &mut all);
        faults.append(&mut all);
        return compiled;
    }
    faults.extend(ground.faults.iter().cloned());
    faults.append(&mut own);
    compiled
}

fn read<'a>(texts: impl Iterator<Item = &'a str>) -> (Vec<Document<'a>>, Vec<Diagnostic>) {
    let mut faults = Vec::new();
    let documents = texts
        .map(|text| {
            let mut own = Vec::new();
            let document = Document::read(text, &mut own);
            faults.extend(own.into_iter().map(|fault| fault.of(&document.name)));
            document
        })
        .collect();
    (documents, faults)
}
