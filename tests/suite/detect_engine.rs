//! The machine behind the lexicons, shown on small lexicons of its own.

use galateo::Limits;
use galateo::detect::{Detectors, ScanContext, Scratch, SentimentClass, SignalKind, Speaker};
use galateo::model::Language;
use galateo::playbook::Policy;

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
        (14, "L0021"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_is_idle_in_a_lexicon_is_a_warning_at_its_line() {
    let text = "lexicon = x\nlanguage = it\n[concept PAY]\npag*\npagamento | saldo\nsaldo tutto\n[concept LONELY]\nzufolo\n\
                [signal found]\n900 PAY\n[except profanity]\ncavallo di troia\nmulino a vento\n[except valence]\ntutto * bene\n";
    let found: Vec<_> =
        Detectors::lint(text).iter().map(|fault| (fault.line(), fault.fault().code())).collect();
    assert_eq!(found, [(5, "L0020"), (8, "L0021"), (13, "L0022")]);
    assert!(Detectors::lint(text).iter().all(|fault| !fault.fault().is_error()));
}

#[test]
fn a_condition_on_its_neighbourhood_does_not_see_the_match_itself() {
    check(
        "[concept A]\nalfa beta\n[concept B]\nbeta\n[signal found]\n900 A unless B in clause\n800 gamma if B in sentence",
        &[
            ("alfa beta", &["alfa beta"]),
            ("beta, alfa beta", &["alfa beta"]),
            ("alfa beta beta", &[]),
            ("gamma, beta", &["gamma"]),
            ("gamma. beta", &[]),
        ],
    );
}

#[test]
fn runs_of_letters_are_cut_to_one_to_two_and_to_both() {
    check(
        "[signal found]\n900 basta | cazzo | good | so good | zoo",
        &[
            ("bastaaaa caaaazzzzo", &["bastaaaa", "caaaazzzzo"]),
            ("gooooddd sooooo goood", &["gooooddd", "sooooo goood"]),
            ("zooooo zo basa gggod", &["zooooo"]),
        ],
    );
}

#[test]
fn a_disguised_expletive_turns_the_feeling_and_an_ordinary_mask_does_not() {
    let detectors = engine(
        "[profanity]\n900 cazzo | merda | fottuto\n[boost]\n300 fottuto\n[valence]\n-700 merda\n400 bravo",
    );
    let mut scratch = Scratch::default();
    let mut score = |text: &str| detectors.scan(text, &ScanContext::default(), &mut scratch).sentiment.score;
    assert!(score("che c4zz0 fate") < -150 && score("che c***o fate") < -150);
    assert!(score("m3rda") <= score("c4zz0"));
    assert_eq!(score("m3rda"), score("merda"));
    assert_eq!((score("4 * 4, A5512 e 5*****"), score("f0ttuto")), (0, 0));
    assert!(score("bravo 100%") > 150);
}

#[test]
fn a_fault_in_the_words_of_a_playbook_stands_at_the_word() {
    let playbook = "name = 'shop'\nversion = '1'\nlanguages = ['it', 'en']\n[[topics]]\nid = 'fine'\nwords.it = ['pacco']\n\
                    [[topics]]\nid = 'long'\nwords.it = ['pacco']\nwords.en = ['parcel', 'a b c d e f g h i']\n\
                    [[phrases]]\nuse = 'never_say'\nreason = 'it says nothing'\nwords.it = ['!?']\n";
    let faults = Policy::from_toml(playbook, &Limits::DEFAULT).unwrap_err().to_string();
    assert!(faults.contains("topics[1].words.en[1]") && faults.contains("(line 10, column 23)"), "{faults}");
    assert!(faults.contains("phrases[0].words.it[0]") && faults.contains("(line 14, column 13)"), "{faults}");
}

#[test]
fn a_layer_above_shares_what_it_does_not_change_and_may_still_change_it() {
    let plain = Detectors::builtin();
    let above =
        "lexicon = own\nlanguage = it\n[signal refund]\n950 rivoglio i dindini\n[concept REFUND]\ndindini";
    let adds = Detectors::builder().lexicon(above).build().unwrap();
    assert!(adds.own_bytes() * 20 < adds.bytes() && plain.own_bytes() < 1024);
    let takes =
        Detectors::builder().lexicon("lexicon = own\nlanguage = it\n[profanity]\n- merda\n").build().unwrap();
    assert!(takes.own_bytes() * 2 > plain.bytes());
    let mut scratch = Scratch::default();
    let mut has = |detectors: &Detectors, text: &str, kind: SignalKind| {
        detectors.scan(text, &ScanContext::default(), &mut scratch).has(&kind)
    };
    assert!(has(&adds, "rivoglio i dindini", SignalKind::Refund));
    assert!(has(&adds, "che merda di servizio", SignalKind::Profanity));
    assert!(!has(&takes, "una merda, non ci siamo", SignalKind::Profanity));
    assert!(has(&plain, "una merda, non ci siamo", SignalKind::Profanity));
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
