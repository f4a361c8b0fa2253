//! What texts made to be slow cost, in counted work (R22; HAZARDS T1, G6, G7).

use galateo::detect::pii::{PiiContext, Redactor, Stream};

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
    "n. 1 ",
    "12,5 ",
    "è 1 ",
    "1234 a ",
    "1234567 a ",
    "a1-",
    "a1/",
    "it 60 ",
    "it60-",
    "fe80:",
    "1a:",
    "pin ",
    "tel 1 ",
    "1111111 ",
    "3401234 ",
    "un due ",
    "1 2 3 4 ",
    "3O4O ",
    "tel 3O4 ",
    "A B C D E F 1 ",
    "4111111111111111 12/27 ",
    "%2b39",
    "c.i. 1",
    "a meno chiocciola b meno ",
    "IT60XO",
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

/// Pieces of five bytes, of texts with blanks and of one that has few.
#[test]
fn the_work_of_a_stream_grows_with_the_text_and_no_faster_however_small_the_pieces() {
    let redactor = Redactor::standard();
    let messages: String =
        rows().iter().map(|r| format!("{}\n", r.text)).collect::<String>().chars().take(200_000).collect();
    for text in [
        messages.as_str(),
        &fill("340 765 4321, ", 200_000),
        &fill(&format!("{} ", "abc12".repeat(50)), 200_000),
    ] {
        let points: Vec<(f64, f64)> = (0..4)
            .map(|power| {
                let head = &text[..text.floor_char_boundary(16_384 << power)];
                let mut stream = Stream::new(&redactor, PiiContext::default());
                let mut rest = head;
                while !rest.is_empty() {
                    let (piece, tail) = rest.split_at(rest.ceil_char_boundary(5.min(rest.len())));
                    drop(stream.push(piece));
                    rest = tail;
                }
                (head.len() as f64, stream.work() as f64)
            })
            .collect();
        let slope = exponent(&points);
        let whole = work(&redactor, &text[..text.floor_char_boundary(16_384 << 3)]);
        let (bytes, last) = points[3];
        println!(
            "{:?}: exponent {slope:.3}, {:.1} a byte, {:.1} times one reading",
            &text[..12],
            last / bytes,
            last / whole
        );
        assert!(slope <= 1.05, "{slope:.3}");
        assert!(last <= 30.0 * whole);
    }
}
