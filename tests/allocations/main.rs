//! What the hot paths take from the heap once their memory has grown: nothing. A binary of its own, because it counts
//! for the whole process.
#![expect(clippy::arithmetic_side_effects, reason = "a test counts with `+`")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use galateo::Limits;
use galateo::detect::pii::{PiiContext, Redactor};
use galateo::detect::{Detectors, ScanContext, Scratch};
use galateo::playbook::{self, Encoding, Facts, FieldType, Fields, Matcher, OnUnknown, Several, field};
use galateo::text::{Folded, Tokens};

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: every call is handed to the system's allocator unchanged; the counter allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the contract of `realloc`.
        unsafe { System.realloc(place, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(run: impl FnOnce()) -> usize {
    let before = COUNT.with(Cell::get);
    run();
    COUNT.with(Cell::get) - before
}

const MESSAGES: [&str; 5] = [
    "Hello, I ordered a phone two weeks ago and it is still not here! Call me at 333 1234567 please.",
    "Perché il pacco non è arrivato? Così non può andare: vi denuncio, cazzo… c4zz0, c a z z o 😡",
    "Ti rimborseremo 50 euro entro 24 ore, promesso. Ci può indicare il codice fiscale?",
    "Где мой заказ? Жду уже две недели",
    "soooooo baaaad, wo ist meine Bestellung, 🙄🙄 www.example.com a.b@example.com @shop #fail",
];

#[test]
fn folding_cutting_and_scanning_take_nothing_from_the_heap_after_warm_up() {
    let detectors = Detectors::builtin();
    let names = ["Anna Rossi"];
    let context = ScanContext { names: &names, ..ScanContext::default() };
    let mut scratch = Scratch::default();
    let (mut folded, mut tokens) = (Folded::default(), Tokens::default());
    let mut all = || {
        for message in MESSAGES {
            folded.refold(message);
            tokens.read(&folded, message);
            detectors.scan(message, &context, &mut scratch);
        }
    };
    all();
    assert_eq!(allocations(all), 0);
}

#[test]
fn looking_for_personal_data_takes_nothing_from_the_heap_on_clean_messages() {
    let redactor = Redactor::standard();
    let context = PiiContext::default();
    let mut found = Vec::new();
    let clean = [
        "Buongiorno, perché il pacco non è arrivato? Così non può andare, è già la terza volta 😡",
        "il mio ordine n. 3401234567 del 12/05/2026 da 45,90 € dov'è?",
        "volo AZ1234 in ritardo di 2 ore e 30 minuti, tracking RR123456785IT, codice prodotto 1234567890",
        "ho dimenticato la password di accesso e il pin non funziona, seguitemi @mario_rossi",
        "hello, where is my order? it is late and nobody answers",
    ];
    for text in clean.map(str::to_owned).into_iter().chain([clean.join(" ").repeat(8)]) {
        let taken = allocations(|| redactor.detect(&text, &context, &mut found));
        assert_eq!((taken, found.len()), (0, 0), "{} bytes", text.len());
    }
}

#[test]
fn asking_rules_takes_nothing_from_the_heap_after_warm_up() {
    let mut fields = Fields::new();
    let topic = fields.add("topic", FieldType::Word, "", &[]).unwrap();
    let tags = fields.add("tags", FieldType::Words, "", &[]).unwrap();
    let score = fields.add("score", FieldType::Number, "", &[]).unwrap();
    let names: Vec<String> = (0..300).map(|number| format!("name-{number}")).collect();
    let name = |number: usize| names[number % names.len()].as_str();
    // Few rules stand in one row of bits, many are filed by what they name.
    for count in [20, 5_000] {
        let rule = |number: usize| {
            let either = field("tags").has(name(number / 7))
                | field("score").above(i64::try_from(number % 10).unwrap());
            field("topic").is(name(number)) & either
        };
        let conditions: Vec<_> = (0..count).map(rule).collect();
        let encoding = Encoding::new(&fields, &conditions, &Limits::DEFAULT);
        let matcher = Matcher::compile(&encoding, conditions.iter().map(|one| (one, OnUnknown::Skip)));
        let (mut facts, mut used) = (Facts::new(&encoding), playbook::Scratch::default());
        let mut all = || {
            let mut found = 0;
            for number in 0..600 {
                facts.start(None);
                facts.set(topic, name(number));
                facts.set(tags, Several((0..number % 4).map(|more| name(number + more))));
                facts.set(score, number % 12);
                found += matcher.matches(&facts, &mut used).count();
                found += usize::from(matcher.first(&facts, &mut used).is_some());
            }
            assert!(found > 0);
        };
        all();
        assert_eq!(allocations(all), 0, "{count} rules");
    }
}
