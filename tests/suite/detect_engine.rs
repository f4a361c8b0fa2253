//! The machine behind the lexicons, shown on small lexicons of its own.

use galateo::detect::{Detectors, ScanContext, Scratch, SentimentClass, SignalKind, Speaker};
use galateo::model::Language;

fn engine(lexicon: &str) -> Detectors {
    let text = format!("lexicon = test\nversion = 1\n{lexicon}");
    Detectors::builder()
        .without_built_in()
        .language_detector(None)
        .lexicon(&text)
        .build()
        .unwrap_or_else(|e| panic!("{e}"))
}

/// What the kinds `found` and `profanity` show in a text.
fn shown<'t>(detectors: &Detectors, text: &'t str) -> Vec<&'t str> {
    let mut scratch = Scratch::default();
    let signals = detectors.scan(text, &ScanContext::default(), &mut scratch);
    signals.signals.iter().map(|signal| &text[signal.span.range()]).collect()
}

fn check(lexicon: &str, cases: &[(&str, &[&str])]) {
    let detectors = engine(lexicon);
    for (text, expected) in cases {
        assert_eq!(shown(&detectors, text), *expected, "{text}");
    }
}

#[test]
fn patterns_are_whole_words_with_stars_braces_and_apostrophes() {
    check(
        "[signal found]\n900 avvocat* | studio legale | dell'ordine | chied* un rimborso | a * b | rott{o,a} {mio,}pc | don't",
        &[
            ("L'AVVOCATO", &["AVVOCATO"]),
            ("avvocat", &["avvocat"]),
            ("lo studio, legale", &[]),
            ("studio-legale", &["studio-legale"]),
            ("stato dell’ordine", &["dell’ordine"]),
            ("chiediamo un rimborso", &["chiediamo un rimborso"]),
            ("a x b, a x y b", &["a x b"]),
            ("rotto miopc", &["rotto miopc"]),
            ("DON'T don’t dont", &["DON'T", "don’t"]),
            ("preavvocato", &[]),
            ("avvvvvocato", &["avvvvvocato"]),
            ("#avvocato @avvocato www.avvocato.it", &["avvocato", "avvocato"]),
        ],
    );
}

#[test]
fn rules_see_gaps_companions_and_conditions() {
    check(
        "[concept A]\nalfa\n[concept B]\nbeta\n[concept NOT]\nnon\n[concept BUT]\nma\n[concept AB]\nA ..1 B\n\
         [signal found]\n900 A ..2 B unless NOT before 3\n800 B & A if question\n700 gamma unless NOT before 2, A in text\n\
         600 delta if short 2\n500 zeta if start\n950 AB AB",
        &[
            ("alfa beta", &["alfa beta"]),
            ("alfa x y beta", &["alfa x y beta"]),
            ("alfa x y z beta", &[]),
            ("alfa. beta", &[]),
            ("non alfa beta", &[]),
            ("non so, alfa beta", &["alfa beta"]),
            ("non so ma alfa beta", &["alfa beta"]),
            ("beta e poi alfa?", &["beta"]),
            ("beta e poi alfa", &[]),
            ("gamma", &["gamma"]),
            ("non è gamma", &[]),
            ("gamma. alfa", &[]),
            ("delta x", &["delta"]),
            ("x delta x", &[]),
            ("x x x zeta", &[]),
            ("alfa beta alfa x beta", &["alfa beta alfa x beta"]),
        ],
    );
}

#[test]
fn an_exception_drops_what_lies_within_it() {
    check(
        "[concept HORSE]\ncavallo\n[signal found]\n900 troia* | corna\n[profanity]\n900 troia | cazzo\n[except found]\ncavallo di troia\n\
         [except profanity]\ncavallo di troia",
        &[("il cavallo di Troia", &[]), ("troia!", &["troia", "troia"]), ("corna", &["corna"])],
    );
}

#[test]
fn disguised_expletives_are_read_and_ordinary_words_are_not() {
    check(
        "[profanity]\n900 cazzo | merda | fuck | shit | ass | stronzo",
        &[
            ("c4zz0 M3RD4 sh1t $hit sh!t", &["c4zz0", "M3RD4", "sh1t", "$hit", "sh!t"]),
            ("c***o f**k m*rda", &["c***o", "f**k", "m*rda"]),
            ("che c a z z o vuoi, f.u.c.k", &["c a z z o", "f.u.c.k"]),
            ("саzzо ｆｕｃｋ fu\u{200B}ck 𝒻𝓊𝒸𝓀", &["саzzо", "ｆｕｃｋ", "fu\u{200B}ck", "𝒻𝓊𝒸𝓀"]),
            ("caaaazzo cazzooooo", &["caaaazzo", "cazzooooo"]),
            ("Assago classe analisi passo assassino Scunthorpe", &[]),
            ("push it, finish it", &[]),
            ("ordine A5512, 4 x 4, a s 5 x, 3 * 4", &[]),
        ],
    );
}

#[test]
fn a_later_layer_adds_reweighs_and_removes() {
    let base = "lexicon = base\nversion = 1\n[signal found]\n900 alfa | beta\n";
    let brand = "lexicon = brand\nversion = 2\nlayer = brand\n[signal found]\n- alfa\n400 beta\n700 gamma\n";
    let detectors = Detectors::builder().without_built_in().lexicon(base).lexicon(brand).build().unwrap();
    let mut scratch = Scratch::default();
    let signals = detectors.scan("alfa beta gamma", &ScanContext::default(), &mut scratch);
    let found: Vec<_> =
        signals.signals.iter().map(|s| (s.confidence.get(), s.detector.lexicon, s.detector.line)).collect();
    assert_eq!(found, [(400, 1, 6), (700, 1, 7)]);
    assert_eq!(detectors.lexicons().collect::<Vec<_>>(), [("base", 1), ("brand", 2)]);
}

#[test]
fn faults_come_all_at_once_with_their_lines() {
    let text = "lexicon = x\ncolour = red\n[nonsense]\nx\n[signal refund]\nrimborso\n900 X ..3 Y\n900 Rimborso\n1200 a\n800 {a\n800 a | | b\n\
                900 a b c d e f g h i\n[concept A]\na\n- b\n[except NOTHING]\nx y\n";
    let faults = Detectors::lint(text);
    let found: Vec<_> = faults.iter().map(|fault| (fault.line(), fault.fault().code())).collect();
    let expected = [
        (2, "L0001"),
        (3, "L0002"),
        (6, "L0003"),
        (8, "L0011"),
        (9, "L0004"),
        (10, "L0012"),
        (11, "L0010"),
        (7, "L0015"),
        (12, "L0014"),
        (15, "L0018"),
        (17, "L0015"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn sentiment_knows_negation_emphasis_contrast_and_questions() {
    let detectors = engine(
        "[concept NOT]\nnon\n[concept BUT]\nma\n[boost]\n400 molto\n-400 poco\n[valence]\n500 buono\n-500 cattivo\n0 di buono\n-600 grazie di niente",
    );
    let mut scratch = Scratch::default();
    let mut score = |text: &str| detectors.scan(text, &ScanContext::default(), &mut scratch).sentiment.score;
    assert!(score("buono") > 0 && score("cattivo") < 0);
    assert!(score("non è buono") < 0);
    assert!(score("non è cattivo") > 0 && score("non è cattivo") < score("buono"));
    assert!(score("molto buono") > score("buono") && score("buono") > score("poco buono"));
    assert!(score("buono, ma cattivo") < 0 && score("cattivo, ma buono") > 0);
    assert!(score("buono!!!") > score("buono") && score("BUONO davvero") > score("buono davvero"));
    assert_eq!(score("niente di buono"), 0);
    assert!(score("grazie di niente") < 0);
    assert!(score("è buono?") < score("è buono"));
    assert_eq!(score("@buono www.buono.it"), 0);
    let class = detectors.scan("cattivo", &ScanContext::default(), &mut scratch).sentiment.class;
    assert_eq!(class, SentimentClass::Negative);
}

#[test]
fn the_speaker_and_the_names_count() {
    let detectors = engine(
        "[concept GREETING]\nciao | gentile\n[signal found agent]\n900 codice\n[signal name_used]\n1 zzzz\n[signal wrong_name]\n1 zzzz",
    );
    let mut scratch = Scratch::default();
    let names = ["Anna Rossi"];
    let mut kinds = |text: &str, speaker| {
        let context = ScanContext { speaker, names: &names, ..ScanContext::default() };
        let signals = detectors.scan(text, &context, &mut scratch);
        signals.signals.iter().map(|signal| signal.kind.clone()).collect::<Vec<_>>()
    };
    let found = SignalKind::from_word("found").unwrap();
    assert_eq!(kinds("il codice", Some(Speaker::Agent)), std::slice::from_ref(&found));
    assert_eq!(kinds("il codice", None), [found]);
    assert_eq!(kinds("il codice", Some(Speaker::Customer)), []);
    assert_eq!(kinds("Ciao ANNA, eccoci", None), [SignalKind::NameUsed]);
    assert_eq!(kinds("Ciao Maria, eccoci", None), [SignalKind::WrongName]);
    assert_eq!(kinds("Gentile signora Rossi, eccoci", None), [SignalKind::NameUsed]);
}

#[test]
fn a_topic_is_a_section_and_concepts_widen_it() {
    let topic =
        "lexicon = topics\nversion = 1\nlanguage = it\n[topic delivery]\n800 ORDER ..4 ARRIVE\n700 corriere";
    let detectors = Detectors::builder().lexicon(topic).build().unwrap();
    let mut scratch = Scratch::default();
    let signals = detectors.scan("Il pacco non è mai arrivato", &ScanContext::default(), &mut scratch);
    assert_eq!(signals.topics[0].topic.as_str(), "delivery");
}

#[test]
fn promises_have_kind_deadline_and_amount() {
    let detectors = engine(
        "[concept TIME_UNIT_HOUR]\nore\n[concept TIME_UNIT_DAY]\ngiorni\n[concept DEADLINE]\ndomani\nNUMBER TIME_UNIT_HOUR|TIME_UNIT_DAY\nCODE|NUMBER\n\
         [signal promise]\n900 rimborseremo => refund",
    );
    let mut scratch = Scratch::default();
    let mut promise = |text: &str| {
        let signals = detectors.scan(text, &ScanContext::default(), &mut scratch);
        let promise = signals.promises[0].clone();
        (promise.within_minutes, promise.cents, promise.deadline.map(|span| text[span.range()].to_owned()))
    };
    assert_eq!(
        promise("rimborseremo 1.250,50 € fra 48 ore"),
        (Some(2880), Some(125_050), Some("48 ore".to_owned()))
    );
    assert_eq!(promise("rimborseremo entro 3 giorni"), (Some(4320), None, Some("3 giorni".to_owned())));
    assert_eq!(promise("rimborseremo domani"), (None, None, Some("domani".to_owned())));
}

#[test]
fn languages_are_told_by_their_function_words_and_a_hint_decides_a_tie() {
    let detectors = Detectors::builtin();
    let mut scratch = Scratch::default();
    for (text, language) in [
        ("dove è il mio pacco", Language::It),
        ("where is my parcel", Language::En),
        ("¿dónde está mi pedido?", Language::Es),
        ("où est ma commande", Language::Fr),
        ("wo ist meine Bestellung", Language::De),
    ] {
        let signals = detectors.scan(text, &ScanContext::default(), &mut scratch);
        assert_eq!(signals.language, Some(language), "{text}");
    }
    let context = ScanContext { language: Some(Language::It), ..ScanContext::default() };
    assert_eq!(detectors.scan("ok", &context, &mut scratch).language, Some(Language::It));
    assert_eq!(detectors.scan("12345 !!", &ScanContext::default(), &mut scratch).language, None);
}
