//! The fold: one form for all spellings, and the way back to the bytes as they were sent.

use galateo::text::Folded;
use proptest::prelude::*;

use crate::text_table::Rules;

#[test]
fn spellings_of_one_word_fold_to_one_form() {
    for (sent, expected) in [
        ("PERCHÉ", "perche"),
        ("perche\u{301}", "perche"),
        ("ｐｅｒｃｈé", "perche"),
        ("реrсhе", "perche"),
        ("per\u{200B}c\u{AD}h\u{2060}é", "perche"),
        ("𝓹𝓮𝓻𝓬𝓱𝓮 ⓟⓔⓡⓒⓗⓔ", "perche perche"),
        ("l’ho “detto” — ok…", "l'ho \"detto\" - ok..."),
        ("٣٤ ３４ ३४ 𝟛𝟜", "34 34 34 34"),
        ("Straße Ærø Łódź", "strasse aero lodz"),
        ("cooool", "cooool"),
        ("1\u{FE0F}\u{20E3}", "1"),
    ] {
        assert_eq!(Folded::new(sent).as_str(), expected, "{sent}");
    }
}

#[test]
fn every_scalar_folds_to_its_image_within_three_times_its_bytes_and_folding_again_changes_nothing() {
    let rules = Rules::new();
    let mut folded = Folded::default();
    for c in '\0'..=char::MAX {
        let sent = String::from(c);
        folded.refold(&sent);
        let image = folded.as_str().to_owned();
        assert!(image.len() <= 3 * sent.len(), "{c:?}");
        if !matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..) && !c.is_ascii() {
            assert_eq!(image, rules.image(c).unwrap_or(sent), "{c:?}");
        }
        folded.refold(&image);
        assert_eq!(folded.as_str(), image, "{c:?}");
    }
}

#[test]
fn a_flood_of_marks_stays_small() {
    let flood = format!("क{}x", "\u{941}".repeat(32_000));
    let folded = Folded::new(&flood);
    assert_eq!(folded.as_str().chars().count(), 1 + 8 + 1);
    let accents = format!("e{}x", "\u{301}".repeat(32_000));
    assert_eq!(Folded::new(&accents).as_str(), "ex");
    assert_eq!(Folded::new(&accents).original(0..1), 0..accents.len() - 1);
}

#[test]
fn marks_and_joiners_behind_a_hit_belong_to_it() {
    let sent = "a\u{301}\u{200D}b…c";
    let folded = Folded::new(sent);
    assert_eq!(folded.as_str(), "ab...c");
    assert_eq!(&sent[folded.original(0..1)], "a\u{301}\u{200D}");
    assert_eq!(&sent[folded.original(3..4)], "…");
    assert_eq!(&sent[folded.original(5..6)], "c");
    assert_eq!(folded.original(900..1000), sent.len()..sent.len());
}

#[test]
fn debug_shows_no_text() {
    assert_eq!(format!("{:?}", Folded::new("segreto")), "Folded { bytes: 7, runs: 1 }");
}

proptest! {
    #[test]
    fn a_span_comes_back_on_character_boundaries_and_its_slice_folds_to_the_hit(
        sent in "(\\PC|[a-zA-Zàèé’…ﬁ½\u{300}\u{301}\u{200B}\u{200D}\u{AD}сА日क\u{941}😀 ]){0,40}",
        from in 0usize..80, len in 0usize..40,
    ) {
        let folded = Folded::new(&sent);
        let text = folded.as_str();
        let start = text.floor_char_boundary(from);
        let end = text.ceil_char_boundary((start + len).min(text.len()));
        let span = folded.original(start..end);
        let again = Folded::new(&sent[span.clone()]);
        prop_assert!(again.as_str().contains(&text[start..end]) || start == end);
        prop_assert!(span.end <= sent.len());
        prop_assert_eq!(sent[folded.original(0..text.len())].len() + folded.original(0..0).start, sent.len());
    }
}
