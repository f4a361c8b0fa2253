//! The work that every engine is measured on: customer-care rules and events, seeded.

/// A small generator; the same numbers on every platform.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn roll(&mut self, sides: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as i64) % sides
    }
}

/// Word fields: name and number of words.
pub const WORDS: [(&str, i64); 6] =
    [("channel", 8), ("language", 6), ("priority", 4), ("tier", 4), ("topic", 200), ("visibility", 4)];
/// Number fields: name, least value, values.
pub const NUMBERS: [(&str, i64, i64); 4] =
    [("sentiment", -1000, 2001), ("followers", 0, 1_000_000), ("hour", 0, 168), ("length", 0, 4000)];
pub const TAGS: i64 = 500;

/// One question.
#[derive(Clone, Debug)]
pub enum Ask {
    Word(usize, String),
    AnyWord(usize, Vec<String>),
    Range(usize, i64, i64),
    Tag(String),
    First(bool),
}

/// Questions that must all hold, and beside them, in some rules, two of which one must hold.
#[derive(Clone, Debug)]
pub struct WorkRule {
    pub all: Vec<Ask>,
    pub either: Option<(Ask, Ask)>,
}

/// What happened.
#[derive(Clone, Debug)]
pub struct WorkEvent {
    pub words: Vec<String>,
    pub numbers: Vec<i64>,
    pub tags: Vec<String>,
    pub first: bool,
}

pub fn word(field: usize, n: i64) -> String {
    format!("{}_{n}", WORDS[field].0)
}

fn ask(d: &mut Dice) -> Ask {
    match d.roll(20) {
        0..=4 => {
            let n = d.roll(WORDS[4].1);
            Ask::Word(4, word(4, n))
        }
        5..=8 => {
            let field = d.roll(6) as usize;
            let n = d.roll(WORDS[field].1);
            Ask::Word(field, word(field, n))
        }
        9..=11 => {
            let field = d.roll(6) as usize;
            let mut list: Vec<String> =
                (0..2 + d.roll(2)).map(|_| word(field, d.roll(WORDS[field].1))).collect();
            list.sort();
            list.dedup();
            Ask::AnyWord(field, list)
        }
        12..=15 => {
            let field = d.roll(4) as usize;
            let (_, least, values) = NUMBERS[field];
            let step = (values / 20).max(1);
            let from = least + d.roll(15) * step;
            Ask::Range(field, from, from + (1 + d.roll(8)) * step)
        }
        16..=18 => Ask::Tag(format!("tag_{}", d.roll(TAGS))),
        _ => Ask::First(d.roll(2) == 0),
    }
}

/// Rules of two to five questions; every tenth has an alternative.
pub fn rules(n: usize, seed: u64) -> Vec<WorkRule> {
    let d = &mut Dice::new(seed);
    (0..n)
        .map(|_| WorkRule {
            all: (0..2 + d.roll(4)).map(|_| ask(d)).collect(),
            either: (d.roll(10) == 0).then(|| (ask(d), ask(d))),
        })
        .collect()
}

/// Events of twelve attributes.
pub fn events(n: usize, seed: u64) -> Vec<WorkEvent> {
    let d = &mut Dice::new(seed);
    (0..n)
        .map(|_| WorkEvent {
            words: (0..6).map(|f| word(f, d.roll(WORDS[f].1))).collect(),
            numbers: NUMBERS.iter().map(|(_, least, values)| least + d.roll(*values)).collect(),
            tags: {
                let mut tags: Vec<String> = (0..d.roll(5)).map(|_| format!("tag_{}", d.roll(TAGS))).collect();
                tags.sort();
                tags.dedup();
                tags
            },
            first: d.roll(2) == 0,
        })
        .collect()
}

/// The plain answer, for comparison.
pub fn holds(ask: &Ask, event: &WorkEvent) -> bool {
    match ask {
        Ask::Word(field, word) => event.words[*field] == *word,
        Ask::AnyWord(field, words) => words.contains(&event.words[*field]),
        Ask::Range(field, from, to) => (*from..*to).contains(&event.numbers[*field]),
        Ask::Tag(tag) => event.tags.contains(tag),
        Ask::First(first) => event.first == *first,
    }
}

/// Whether a rule matches, asked plainly.
pub fn matches(rule: &WorkRule, event: &WorkEvent) -> bool {
    rule.all.iter().all(|a| holds(a, event))
        && rule.either.as_ref().is_none_or(|(a, b)| holds(a, event) || holds(b, event))
}

/// galateo on this work.
pub mod own {
    use std::sync::Arc;

    use galateo::Limits;
    use galateo::playbook::{
        Condition, Encoding, Facts, FieldId, FieldType, Fields, Matcher, OnUnknown, Several, field,
    };

    use super::{Ask, NUMBERS, WORDS, WorkEvent, WorkRule};

    fn condition(ask: &Ask) -> Condition {
        match ask {
            Ask::Word(f, word) => field(WORDS[*f].0).is(word.as_str()),
            Ask::AnyWord(f, words) => field(WORDS[*f].0).any_of(words.iter().map(String::as_str)),
            Ask::Range(f, from, to) => field(NUMBERS[*f].0).between(*from, *to),
            Ask::Tag(tag) => field("tags").has(tag.as_str()),
            Ask::First(first) => field("first").is(*first),
        }
    }

    pub fn conditions(rules: &[WorkRule]) -> Vec<Condition> {
        let one = |rule: &WorkRule| {
            let mut list: Vec<Condition> = rule.all.iter().map(condition).collect();
            list.extend(rule.either.iter().map(|(a, b)| condition(a) | condition(b)));
            Condition::All(list)
        };
        rules.iter().map(one).collect()
    }

    pub struct Own {
        pub encoding: Arc<Encoding>,
        pub matcher: Matcher,
        ids: Vec<FieldId>,
    }

    impl Own {
        pub fn new(conditions: &[Condition]) -> Self {
            let mut fields = Fields::new();
            let mut ids = Vec::new();
            let mut add = |name: &str, kind| ids.push(fields.add(name, kind, "", &[]).unwrap());
            WORDS.iter().for_each(|(name, _)| add(name, FieldType::Word));
            NUMBERS.iter().for_each(|(name, ..)| add(name, FieldType::Number));
            add("tags", FieldType::Words);
            add("first", FieldType::Flag);
            let encoding = Encoding::new(&fields, conditions, &Limits::DEFAULT);
            let matcher = Matcher::compile(&encoding, conditions.iter().map(|c| (c, OnUnknown::Skip)));
            Self { encoding, matcher, ids }
        }

        pub fn fill(&self, facts: &mut Facts, event: &WorkEvent) {
            facts.start(None);
            for (id, word) in self.ids.iter().zip(&event.words) {
                facts.set(*id, word.as_str());
            }
            for (id, n) in self.ids[6..].iter().zip(&event.numbers) {
                facts.set(*id, *n);
            }
            facts.set(self.ids[10], Several(event.tags.iter().map(String::as_str)));
            facts.set(self.ids[11], event.first);
        }
    }
}
