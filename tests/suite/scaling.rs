//! Promise 3: whatever the text, the counted work grows with its length and no faster (T1, T4, G6).

use galateo::Limits;
use galateo::detect::pii::{PiiContext, Redactor};
use galateo::detect::{Detectors, ScanContext, Scratch, Speaker};
use galateo::text::Folded;

/// Adversarial families, each a way to write a text of any length.
const FAMILIES: [(&str, &str); 36] = [
    ("one letter", "a"),
    ("one word", "a "),
    ("negations", "non "),
    ("negations that a rule waits for", "non ho non ricevuto non "),
    ("half a phrase", "voglio il "),
    ("a whole phrase", "voglio il rimborso "),
    ("questions", "dove dove dove è il pacco "),
    ("threats", "avvocato causa denuncia querela "),
    ("spelled out", "c a z z o "),
    ("masked", "c***o "),
    ("leet", "c4zz0 "),
    ("what an exception covers", "moby dick "),
    ("nested concepts", "i want to file a formal complaint "),
    ("promises", "we'll refund you within 24 hours "),
    ("stars", "*"),
    ("handles", "@a"),
    ("hashtags", "#a "),
    ("dots", "."),
    ("question marks", "?!"),
    ("brackets", "("),
    ("long vowels", "aaaaaaa "),
    ("accents", "è"),
    ("combining marks", "\u{301}"),
    ("invisible", "\u{200B}"),
    ("letters with invisibles", "a\u{200B}b\u{200D}"),
    ("bidi", "\u{202E}a\u{202C}"),
    ("wide", "ｆｕｃｋ "),
    ("expanding", "\u{FDFA}"),
    ("lookalikes", "сazzо "),
    ("emoji with joiners", "👩\u{200D}👩\u{200D}👧\u{200D}👦"),
    ("flags", "🇮🇹"),
    ("mail addresses", "a@b.it "),
    ("almost mail", "a@a@a@"),
    ("card digits", "4111 1111 1111 "),
    ("links", "www.a.it/a "),
    ("telephone numbers", "+39 333 1234567 "),
];

const SIZES: [usize; 7] = [1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15, 1 << 16];

fn text(unit: &str, bytes: usize) -> String {
    unit.repeat(bytes / unit.len() + 1)[..]
        .chars()
        .scan(0, |used, c| {
            *used += c.len_utf8();
            (*used <= bytes).then_some(c)
        })
        .collect()
}

/// The slope of the straight line through the logarithms, by least squares.
fn exponent(points: &[(usize, usize)]) -> f64 {
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| ((*x as f64).ln(), (*y as f64).ln())).collect();
    let n = logs.len() as f64;
    let (x, y) = logs.iter().fold((0.0, 0.0), |(a, b), (x, y)| (a + x / n, b + y / n));
    let (over, under) =
        logs.iter().fold((0.0, 0.0), |(a, b), (u, v)| (a + (u - x) * (v - y), b + (u - x) * (u - x)));
    over / under
}

#[test]
fn g6_the_fitted_exponent_of_counted_work_stays_below_one_and_a_twentieth() {
    let limits = Limits { message_bytes: usize::MAX, ..Limits::DEFAULT };
    let detectors = Detectors::builder().limits(limits).build().unwrap();
    let mut scratch = Scratch::default();
    let mut worst = (0.0, "");
    let mut dearest = (0.0, "");
    for (name, unit) in FAMILIES {
        for speaker in [Speaker::Customer, Speaker::Agent] {
            let context = ScanContext { speaker: Some(speaker), ..ScanContext::default() };
            let mut points = Vec::new();
            for bytes in SIZES {
                detectors.scan(&text(unit, bytes), &context, &mut scratch);
                points.push((bytes, scratch.work().max(1)));
            }
            let fitted = exponent(&points);
            assert!(fitted <= 1.05, "{name}: {fitted:.3} over {points:?}");
            if fitted > worst.0 {
                worst = (fitted, name);
            }
            let (bytes, work) = points[points.len() - 1];
            let each = work as f64 / bytes as f64;
            assert!(each <= 64.0, "{name}: {each:.1} steps a byte");
            if each > dearest.0 {
                dearest = (each, name);
            }
        }
    }
    println!(
        "worst exponent {:.3} ({}), dearest {:.2} steps a byte ({})",
        worst.0, worst.1, dearest.0, dearest.1
    );
}

#[test]
fn t4_folding_at_most_triples_a_text() {
    for (name, unit) in FAMILIES {
        let text = text(unit, 1 << 14);
        let folded = Folded::new(&text);
        assert!(folded.as_str().len() <= 3 * text.len(), "{name}");
    }
}

#[test]
fn personal_data_found_grows_no_faster_than_the_text() {
    let redactor = Redactor::standard();
    for (name, unit) in FAMILIES {
        let found = |bytes| redactor.find(&text(unit, bytes), &PiiContext::default()).len();
        let (small, large) = (found(1 << 10), found(1 << 14));
        assert!(large <= 17 * small.max(16), "{name}: {small} in 1 KiB, {large} in 16 KiB");
    }
}

#[test]
fn a_display_name_as_long_as_its_owner_likes_costs_no_more_than_a_short_one() {
    let detectors = Detectors::builtin();
    let long = "anna ".repeat(10_000);
    let body = "ciao anna ".repeat(6_000);
    let mut scratch = Scratch::default();
    let mut work = |names: &[&str]| {
        detectors.scan(&body, &ScanContext { names, ..ScanContext::default() }, &mut scratch);
        (scratch.work(), scratch.tokens().list().len())
    };
    let ((short, tokens), (with_long, _)) = (work(&["anna"]), work(&[&long]));
    assert!(with_long <= short + 16 * tokens, "{short} steps with a short name, {with_long} with a long one");
}
