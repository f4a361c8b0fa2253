//! What texts made to be slow cost, in counted work (R22; HAZARDS T1, G6, G7).

use galateo::detect::pii::{PiiContext, Redactor};

use crate::pii_bar::rows;

/// Pieces that are repeated to the length of the text, each made to start as many readings as can be.
const FAMILIES: &[&str] = &[
    "a1 ",
    "a1b2 ",
    "ab 12 ",
    "ab 12",
    "abc 1 ",
    "1 ",
    "12 34 ",
    "123 ",
    "1234 ",
    "1234-",
    "123456 ",
    "1234567 ",
    "12345678901 ",
    "+1 ",
    "+39 3",
    "it60 ",
    "it60x ",
    "x9 y8.",
    "1.2.3.4.",
    "00:1a:",
    "1:",
    "a::",
    "@",
    "a@",
    "a@b.",
    "a.b.c.d@",
    " at a",
    " chiocciola a punto ",
    "punto ",
    "pin:",
    "pin 1234 ",
    "password is ",
    "password: x1!",
    "uno due ",
    "doppio ",
    "sk_live_",
    "eyj1",
    "x://",
    "x://a:b@",
    "[card_1",
    "[",
    "ordine 3401234567, cell ",
    "340 765 4321, ",
    "4111 1111 1111 1111 ",
    "1a1zp1ep5qgefi2dmptftl5slmv7divfna ",
    "rss mra 85t10 a562s ",
    "é1 ",
    "１２ ",
    "é",
    "\u{301}",
    "via 1 ",
];

fn fill(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len())
}

fn work(redactor: &Redactor, text: &str) -> f64 {
    redactor.detect_counting(text, &PiiContext::default(), &mut Vec::new()) as f64
}

/// The slope of a line through points, both axes in logarithms.
fn exponent(points: &[(f64, f64)]) -> f64 {
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
    let n = logs.len() as f64;
    let (mean_x, mean_y) =
        (logs.iter().map(|p| p.0).sum::<f64>() / n, logs.iter().map(|p| p.1).sum::<f64>() / n);
    logs.iter().map(|p| (p.0 - mean_x) * (p.1 - mean_y)).sum::<f64>()
        / logs.iter().map(|p| (p.0 - mean_x).powi(2)).sum::<f64>()
}

#[test]
fn work_grows_with_the_length_of_a_text_and_no_faster() {
    let redactor = Redactor::standard();
    for family in FAMILIES {
        let points: Vec<(f64, f64)> = (0..7)
            .map(|power| {
                let text = fill(family, 1024 << power);
                (text.len() as f64, work(&redactor, &text))
            })
            .collect();
        let slope = exponent(&points);
        assert!(slope <= 1.05, "{family:?}: {slope:.3}");
    }
}

/// Dense benign text: the messages of the project's own set that hold personal data, one behind the other.
#[test]
fn the_worst_text_costs_at_most_three_times_the_worst_benign_one() {
    let redactor = Redactor::standard();
    let benign = ["340 765 4321, ", "ordine 3401234567, cell 340 765 4321\n", "RSS MRA 85T10 A562S, "]
        .map(|piece| fill(piece, 32_768))
        .into_iter()
        .chain([rows().iter().filter(|r| !r.spans.is_empty()).map(|r| format!("{}\n", r.text)).collect()])
        .map(|text: String| work(&redactor, &text) / text.len() as f64)
        .fold(0.0, f64::max);
    let costs = FAMILIES.iter().map(|family| {
        let text = fill(family, 32_768);
        (work(&redactor, &text) / text.len() as f64, family)
    });
    let (worst, family) = costs.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
    println!("worst {family:?} {worst:.1} a byte, benign {benign:.1}, ratio {:.2}", worst / benign);
    assert!(worst <= 3.0 * benign);
}
