//! The reference: conditions walked as trees over plain facts, and the compiled matcher held against it (R-rules).
//!
//! Nothing here shares code with the crate but the nouns and the public API that is tested: conditions
//! are made as JSON, evaluated naively in three-valued logic, and must match as the matcher says.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use galateo::Limits;
use galateo::model::Timestamp;
use galateo::playbook::{
    Condition, Document, Encoding, Facts, FieldType, Fields, Matcher, Number, OnUnknown, Scratch, Several,
    Truth,
};
use serde_json::{Value, json};

/// A small generator: the seed is all there is to repeat a case.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % sides
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())]
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Val {
    Flag(bool),
    Num(f64),
    Text(String),
    Words(Vec<String>),
    Time(i64),
}

#[derive(Default, Debug)]
pub(crate) struct World {
    now: Option<i64>,
    is: BTreeMap<&'static str, Val>,
    /// Fields of which an earlier value is told, which may be none.
    was: BTreeMap<&'static str, Option<Val>>,
}

const WORDS: &[&str] =
    &["x", "email", "vip", "VIP", "", "rosso", "it", "it-CH", "2.10", "1.9.3", "a b", "12345678x"];
const TEXTS: &[&str] = &[
    "",
    "Rimborso, SUBITO!",
    "l'amico dell’hotel",
    "carta di credito",
    "a a a",
    "aaa",
    "it-CH",
    "v2.10",
    "2.9.1-beta",
    "refund\nplease",
    "È così",
    "10",
    "1.0",
];
const NEEDLES: &[&str] = &[
    "rimborso",
    "a",
    "aa",
    "a a",
    "carta di",
    "HOTEL",
    "subito",
    "!",
    "è",
    "it",
    "1.10",
    "2.9",
    "l'",
    "fund please",
    "1",
    "10",
];
const PATTERNS: &[&str] = &["^rim", "a{3}", "[0-9]+\\.[0-9]", "credito$", "refund.please"];
const NUMS: &[f64] = &[-1000.0, -400.0, -0.5, 0.0, 0.5, 1.0, 7.0, 400.0, 1e19, 9007199254740993.0];
const TIMES: &[&str] =
    &["2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z", "2026-01-02T00:00:00Z", "2025-12-31T23:00:00Z"];
const SPANS: &[i64] = &[0, 3600, 86_400];

const FIELDS: &[(&str, FieldType)] = &[
    ("open", FieldType::Flag),
    ("score", FieldType::Number),
    ("message", FieldType::Text),
    ("channel", FieldType::Word),
    ("tags", FieldType::Words),
    ("created", FieldType::Time),
];

fn millis(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_millis()
}

fn number(n: f64) -> Value {
    if n.fract() == 0.0 && n.abs() < 9e15 { json!(n as i64) } else { json!(n) }
}

fn literal(kind: FieldType, d: &mut Dice) -> Value {
    match kind {
        FieldType::Flag => json!(d.roll(2) == 0),
        FieldType::Number => number(d.pick(NUMS)),
        FieldType::Text => json!(d.pick(TEXTS)),
        FieldType::Word | FieldType::Words => json!(d.pick(WORDS)),
        _ => json!(d.pick(TIMES)),
    }
}

fn a_test(d: &mut Dice) -> Value {
    let (name, kind) = d.pick(FIELDS);
    let is_text = matches!(kind, FieldType::Text | FieldType::Word | FieldType::Words);
    let is_ordered = matches!(kind, FieldType::Number | FieldType::Time);
    let several = |d: &mut Dice| (0..d.roll(4)).map(|_| literal(kind, d)).collect::<Vec<_>>();
    let (operator, value) = match d.roll(if is_text || is_ordered { 14 } else { 8 }) {
        0 => ("is", literal(kind, d)),
        1 => ("is_not", literal(kind, d)),
        2 => ("any_of", json!(several(d))),
        3 => ("none_of", json!(several(d))),
        4 => ("present", json!(d.roll(2) == 0)),
        5 => ("changed", json!(d.roll(3) != 0)),
        6 | 7 if kind == FieldType::Words => ("all_of", json!(several(d))),
        6 => ("changed_from", json!(several(d))),
        7 => ("changed_to", json!(several(d))),
        n if is_ordered => match n {
            8 => ("above", literal(kind, d)),
            9 => ("below", literal(kind, d)),
            10 => ("at_least", literal(kind, d)),
            11 => ("at_most", literal(kind, d)),
            12 if kind == FieldType::Time => {
                (d.pick(&["older_than", "within_last", "within_next"]), json!(d.pick(SPANS)))
            }
            _ => match a_pair(kind, d) {
                Some(pair) => ("between", pair),
                None => ("above", literal(kind, d)),
            },
        },
        n => {
            let from = if n == 12 { PATTERNS } else { NEEDLES };
            let texts: Vec<_> = (0..1 + d.roll(3)).map(|_| json!(d.pick(from))).collect();
            let words = ["contains", "contains_word", "starts_with", "ends_with", "matches", "language"];
            let word = if n == 13 { d.pick(&["version_at_least", "version_below"]) } else { words[n - 8] };
            (word, json!(texts))
        }
    };
    json!({ name: { operator: value } })
}

fn a_pair(kind: FieldType, d: &mut Dice) -> Option<Value> {
    let (a, b) = (literal(kind, d), literal(kind, d));
    (compare(&a, &value_of(kind, &b)) == Some(std::cmp::Ordering::Greater)).then(|| json!([a, b]))
}

/// A tree of at most `depth` levels of groups.
pub(crate) fn a_condition(d: &mut Dice, depth: usize) -> Value {
    if depth == 0 || d.roll(3) == 0 {
        return a_test(d);
    }
    let members = |d: &mut Dice, least: usize| {
        (0..least + d.roll(4)).map(|_| a_condition(d, depth - 1)).collect::<Vec<_>>()
    };
    match d.roll(6) {
        0 | 1 => json!({ "all": members(d, 0) }),
        2 => json!({ "any": members(d, 0) }),
        3 => json!({ "none": members(d, 0) }),
        4 => json!({ "not": a_condition(d, depth - 1) }),
        _ => {
            let of = members(d, 1);
            let n = 1 + d.roll(of.len());
            json!({ "at_least": { "n": n, "of": of } })
        }
    }
}

fn a_value(kind: FieldType, d: &mut Dice) -> Val {
    match kind {
        FieldType::Flag => Val::Flag(d.roll(2) == 0),
        FieldType::Number => Val::Num(d.pick(NUMS)),
        FieldType::Text => Val::Text((d.pick(TEXTS)).into()),
        FieldType::Word => Val::Text((d.pick(WORDS)).into()),
        FieldType::Words => Val::Words((0..d.roll(4)).map(|_| (d.pick(WORDS)).into()).collect()),
        _ => Val::Time(millis(d.pick(TIMES))),
    }
}

pub(crate) fn a_world(d: &mut Dice) -> World {
    let mut world = World { now: (d.roll(4) != 0).then(|| millis(d.pick(TIMES))), ..World::default() };
    for (name, kind) in FIELDS {
        if d.roll(4) != 0 {
            world.is.insert(name, a_value(*kind, d));
        }
        if d.roll(3) == 0 {
            world.was.insert(name, (d.roll(4) != 0).then(|| a_value(*kind, d)));
        }
    }
    world
}

// The naive evaluation: `None` is unknown.

pub(crate) fn holds(condition: &Value, world: &World) -> Option<bool> {
    let (key, inner) = condition.as_object().unwrap().iter().next().unwrap();
    let each = |list: &Value| list.as_array().unwrap().iter().map(|c| holds(c, world)).collect::<Vec<_>>();
    match key.as_str() {
        "all" => kleene(&each(inner), true),
        "any" => kleene(&each(inner), false),
        "none" => kleene(&each(inner), false).map(|b| !b),
        "not" => holds(inner, world).map(|b| !b),
        "at_least" => {
            let n = inner["n"].as_u64().unwrap() as usize;
            let truths = each(&inner["of"]);
            let sure = truths.iter().filter(|t| **t == Some(true)).count();
            let possible = truths.iter().filter(|t| **t != Some(false)).count();
            if sure >= n {
                Some(true)
            } else if possible < n {
                Some(false)
            } else {
                None
            }
        }
        name => {
            let (operator, literal) = inner.as_object().unwrap().iter().next().unwrap();
            tested(name, operator, literal, world)
        }
    }
}

/// `all` when `unit` is true, `any` when it is false.
fn kleene(truths: &[Option<bool>], unit: bool) -> Option<bool> {
    if truths.contains(&Some(!unit)) {
        return Some(!unit);
    }
    if truths.contains(&None) { None } else { Some(unit) }
}

fn tested(name: &str, operator: &str, literal: &Value, world: &World) -> Option<bool> {
    let (name, kind) = FIELDS.iter().find(|(n, _)| *n == name).unwrap();
    let is = world.is.get(name);
    let was = world.was.get(name);
    let changed = was.is_some_and(|was| same_key(was.as_ref()) != same_key(is));
    let list: Vec<&Value> = literal.as_array().map_or_else(|| vec![literal], |l| l.iter().collect());
    match operator {
        "present" => {
            let empty = matches!(is, Some(Val::Text(t)) if t.is_empty())
                || matches!(is, Some(Val::Words(w)) if w.is_empty());
            return Some((is.is_some() && !empty) == literal.as_bool().unwrap());
        }
        "changed" => return Some(changed == literal.as_bool().unwrap()),
        "changed_from" => {
            return Some(changed && was.unwrap().as_ref().is_some_and(|v| equals_any(v, *kind, &list)));
        }
        "changed_to" => return Some(changed && is.is_some_and(|v| equals_any(v, *kind, &list))),
        "any_of" if list.is_empty() => return Some(false),
        "none_of" | "all_of" if list.is_empty() => return Some(true),
        _ => {}
    }
    let value = is?;
    Some(match operator {
        "is" | "any_of" => equals_any(value, *kind, &list),
        "is_not" | "none_of" => !equals_any(value, *kind, &list),
        "all_of" => list.iter().all(|l| equals_any(value, *kind, &[l])),
        "older_than" | "within_last" | "within_next" => {
            let Val::Time(at) = value else { unreachable!() };
            let age = world.now? - at;
            let span = literal.as_i64().unwrap() * 1000;
            match operator {
                "older_than" => age > span,
                "within_last" => (0..=span).contains(&age),
                _ => (-span..=0).contains(&age),
            }
        }
        "between" => {
            let order = |i: usize| compare(list[i], value).unwrap();
            order(0).is_ge() && order(1).is_lt()
        }
        "above" => compare(literal, value)?.is_gt(),
        "below" => compare(literal, value)?.is_lt(),
        "at_least" => compare(literal, value)?.is_ge(),
        "at_most" => compare(literal, value)?.is_le(),
        _ => {
            let texts = match value {
                Val::Text(text) => vec![text.clone()],
                Val::Words(words) => words.clone(),
                _ => unreachable!(),
            };
            if operator == "matches" {
                let joined = texts.iter().filter(|t| !t.is_empty()).cloned().collect::<Vec<_>>().join("\n");
                list.iter().any(|l| EXPRESSIONS[l.as_str().unwrap()].is_match(&joined))
            } else {
                texts.iter().any(|t| list.iter().any(|l| said(operator, l.as_str().unwrap(), t)))
            }
        }
    })
}

static EXPRESSIONS: LazyLock<BTreeMap<&str, regex::Regex>> = LazyLock::new(|| {
    PATTERNS.iter().map(|p| (*p, regex::Regex::new(&format!("(?i){p}")).unwrap())).collect()
});

fn same_key(value: Option<&Val>) -> Option<String> {
    value.map(|v| match v {
        Val::Words(words) => format!("{:?}", words.iter().collect::<std::collections::BTreeSet<_>>()),
        other => format!("{other:?}"),
    })
}

fn value_of(kind: FieldType, literal: &Value) -> Val {
    match kind {
        FieldType::Flag => Val::Flag(literal.as_bool().unwrap()),
        FieldType::Number => Val::Num(literal.as_f64().unwrap()),
        FieldType::Time => Val::Time(millis(literal.as_str().unwrap())),
        _ => Val::Text(literal.as_str().unwrap().into()),
    }
}

/// How the value stands to the literal.
fn compare(literal: &Value, value: &Val) -> Option<std::cmp::Ordering> {
    match value {
        Val::Num(n) => n.partial_cmp(&literal.as_f64().unwrap()),
        Val::Time(t) => Some(t.cmp(&millis(literal.as_str().unwrap()))),
        _ => None,
    }
}

fn equals_any(value: &Val, kind: FieldType, list: &[&Value]) -> bool {
    list.iter().any(|l| match (value, value_of(kind, l)) {
        (Val::Words(words), Val::Text(text)) => words.contains(&text),
        (value, literal) => *value == literal,
    })
}

fn said(operator: &str, literal: &str, text: &str) -> bool {
    let fold = |t: &str| t.to_lowercase().replace(['‘', '’'], "'");
    let tokens = |t: &str| {
        let lower = t.to_lowercase();
        lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .map(String::from)
            .collect::<Vec<_>>()
    };
    match operator {
        "contains" => fold(text).contains(&fold(literal)),
        "starts_with" => fold(text).starts_with(&fold(literal)),
        "ends_with" => fold(text).ends_with(&fold(literal)),
        "contains_word" => {
            let (wanted, found) = (tokens(literal), tokens(text));
            !wanted.is_empty() && found.windows(wanted.len()).any(|w| w == wanted)
        }
        "language" => {
            let (text, literal) = (text.to_lowercase(), literal.to_lowercase());
            text == literal || text.starts_with(&format!("{literal}-"))
        }
        _ => {
            let (Some(a), Some(b)) = (version(text), version(literal)) else { return false };
            if operator == "version_at_least" { a >= b } else { a < b }
        }
    }
}

fn version(text: &str) -> Option<Vec<u64>> {
    let core = text.trim().trim_start_matches(['v', 'V']).split(['-', '+']).next().unwrap();
    let mut parts = core
        .split('.')
        .map(|p| p.parse::<u64>().ok().filter(|_| !p.starts_with('+')))
        .collect::<Option<Vec<_>>>()?;
    while parts.last() == Some(&0) {
        parts.pop();
    }
    Some(parts)
}

// The comparison.

fn put(facts: &mut Facts, id: galateo::playbook::FieldId, value: Option<&Val>, previous: bool) {
    macro_rules! to {
        ($value:expr) => {
            if previous { facts.set_previous(id, $value) } else { facts.set(id, $value) }
        };
    }
    match value {
        None => to!(None::<bool>),
        Some(Val::Flag(b)) => to!(*b),
        Some(Val::Num(n)) => to!(Number::from_f64(*n).unwrap()),
        Some(Val::Text(t)) => to!(t.as_str()),
        Some(Val::Words(w)) => to!(Several(w.iter().map(String::as_str))),
        Some(Val::Time(t)) => to!(Timestamp::from_millis(*t).unwrap()),
    }
}

/// The facts of a world.
pub(crate) fn fill(facts: &mut Facts, fields: &Fields, world: &World) {
    facts.start(world.now.map(|t| Timestamp::from_millis(t).unwrap()));
    for (name, _) in FIELDS {
        let id = fields.find(name).unwrap();
        put(facts, id, world.is.get(name), false);
        if let Some(was) = world.was.get(name) {
            put(facts, id, was.as_ref(), true);
        }
    }
}

pub(crate) fn the_fields() -> Fields {
    let mut fields = Fields::new();
    for (name, kind) in FIELDS {
        fields.add(name, *kind, "", &[]).unwrap();
    }
    fields
}

/// Random rules, as they are written and as they are read.
struct Rules {
    written: Vec<(Value, OnUnknown)>,
    conditions: Vec<Condition>,
    encoding: Arc<Encoding>,
    matcher: Matcher,
}

impl Rules {
    fn new(fields: &Fields, written: Vec<(Value, OnUnknown)>) -> Self {
        // Thousands of random rules have more expressions than a playbook may.
        let limits = Limits { patterns: 4096, ..Limits::DEFAULT };
        let read = |(json, _): &(Value, OnUnknown)| {
            let document = Document::from_value(json).unwrap();
            Condition::from_document(&document, fields, &limits).unwrap_or_else(|e| panic!("{json}: {e}"))
        };
        let conditions: Vec<Condition> = written.iter().map(read).collect();
        let encoding = Encoding::new(fields, &conditions, &limits);
        let matcher = Matcher::compile(&encoding, conditions.iter().zip(written.iter().map(|(_, way)| *way)));
        Self { written, conditions, encoding, matcher }
    }

    /// Holds what is matched in a world against the tree walk.
    fn agree(&self, world: &World, fields: &Fields, seed: u64, facts: &mut Facts, scratch: &mut Scratch) {
        fill(facts, fields, world);
        self.match_alike(world, seed, facts, scratch);
        for ((json, _), condition) in self.written.iter().zip(&self.conditions) {
            let truth = holds(json, world).map_or(Truth::Unknown, Truth::from);
            assert_eq!(facts.truth(condition), truth, "seed {seed}: {json}\n{world:?}");
        }
    }

    fn match_alike(&self, world: &World, seed: u64, facts: &Facts, scratch: &mut Scratch) {
        let found: Vec<u32> = self.matcher.matches(facts, scratch).collect();
        let mut expected = Vec::new();
        for (rank, (json, way)) in (0..).zip(&self.written) {
            let is_expected = holds(json, world).unwrap_or(*way != OnUnknown::Skip);
            let is_found = found.binary_search(&rank).is_ok();
            assert_eq!(is_found, is_expected, "seed {seed}: {json} {way:?}\n{world:?}");
            expected.extend(is_expected.then_some(rank));
        }
        assert_eq!(found, expected, "seed {seed}");
        assert_eq!(self.matcher.first(facts, scratch), expected.first().copied(), "seed {seed}");
    }
}

const WAYS: [OnUnknown; 3] = [OnUnknown::Skip, OnUnknown::Match, OnUnknown::FailClosed];

/// One playbook of random rules against several random events.
fn one_case(seed: u64, events: usize, fields: &Fields) {
    let d = &mut Dice::new(seed);
    let size = d.pick(&[1, 3, 20, 90, 200]);
    let rules = Rules::new(fields, (0..size).map(|_| (a_condition(d, 3), d.pick(&WAYS))).collect());
    let (mut facts, mut scratch) = (Facts::new(&rules.encoding), Scratch::default());
    for _ in 0..events {
        rules.agree(&a_world(d), fields, seed, &mut facts, &mut scratch);
    }
}

/// One large playbook, of which most rules name a channel or a tag among many: such are filed by it.
fn one_large_case(seed: u64, events: usize, fields: &Fields) {
    let d = &mut Dice::new(seed);
    let name = |d: &mut Dice| format!("k{}", d.roll(700));
    let rule = |d: &mut Dice| {
        let narrow = match d.roll(8) {
            0..=2 => json!({ "channel": { "is": name(d) } }),
            3..=5 => json!({ "tags": { "any_of": [name(d), name(d)] } }),
            6 => json!({ "not": { "tags": { "is": name(d) } } }),
            _ => a_condition(d, 1),
        };
        json!({ "all": [narrow, a_condition(d, 1), a_condition(d, 1)] })
    };
    let rules = Rules::new(fields, (0..5000).map(|_| (rule(d), d.pick(&WAYS))).collect());
    let (mut facts, mut scratch) = (Facts::new(&rules.encoding), Scratch::default());
    for _ in 0..events {
        let mut world = a_world(d);
        if d.roll(4) != 0 {
            world.is.insert("channel", Val::Text(name(d)));
            world.is.insert("tags", Val::Words((0..d.roll(5)).map(|_| name(d)).collect()));
        }
        rules.agree(&world, fields, seed, &mut facts, &mut scratch);
    }
}

#[test]
fn the_compiled_matcher_agrees_with_the_tree_walk_on_every_case_unknowns_and_negation_included() {
    let fields = the_fields();
    (0..300).for_each(|seed| one_case(seed, 10, &fields));
}

#[test]
fn the_compiled_matcher_agrees_where_rules_are_so_many_that_they_are_filed_by_what_they_name() {
    let fields = the_fields();
    one_large_case(0, 6, &fields);
}

/// As many pairs of a playbook and an event as `GALATEO_PAIRS` says, from `PROPTEST_RNG_SEED` on.
#[test]
#[ignore = "ten million pairs take half an hour of a release build"]
fn the_compiled_matcher_agrees_with_the_tree_walk_on_ten_million_pairs() {
    const EVENTS: usize = 100;
    let asked = |name: &str, default: u64| {
        std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(default)
    };
    let (pairs, first) = (asked("GALATEO_PAIRS", 10_000_000), asked("PROPTEST_RNG_SEED", 1));
    let playbooks = pairs.div_ceil(EVENTS as u64);
    let fields = the_fields();
    for seed in (0..playbooks).map(|playbook| first.wrapping_add(playbook)) {
        if seed.is_multiple_of(1000) {
            one_large_case(seed, EVENTS, &fields);
            continue;
        }
        let d = &mut Dice::new(seed);
        let size = d.pick(&[1, 2, 5, 12, 30]);
        let rules = Rules::new(&fields, (0..size).map(|_| (a_condition(d, 3), d.pick(&WAYS))).collect());
        let (mut facts, mut scratch) = (Facts::new(&rules.encoding), Scratch::default());
        for _ in 0..EVENTS {
            let world = a_world(d);
            fill(&mut facts, &fields, &world);
            rules.match_alike(&world, seed, &facts, &mut scratch);
        }
    }
    println!("{} pairs of {playbooks} playbooks agree", playbooks * EVENTS as u64);
}

#[test]
fn a_condition_written_out_and_read_again_is_the_same() {
    let fields = the_fields();
    for seed in 0..500 {
        let json = a_condition(&mut Dice::new(seed), 4);
        let read =
            |document: Document| Condition::from_document(&document, &fields, &Limits::DEFAULT).unwrap();
        let condition = read(Document::from_value(&json).unwrap());
        assert_eq!(
            read(Document::from_value(&serde_json::to_value(&condition).unwrap()).unwrap()),
            condition
        );
        let toml = toml::to_string(&condition).unwrap();
        assert_eq!(read(Document::from_toml(&toml, &Limits::DEFAULT).unwrap()), condition, "{toml}");
    }
}
