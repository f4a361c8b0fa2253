// The messages of the redaction benches: half hold personal data, a fifth look-alikes such as order numbers, the rest
// prose alone; sentences are added until they are as long as messages of customers are, some 77 bytes.

/// A row of the project's own set, or of its prose.
struct Row {
    lang: String,
    text: String,
    holds: bool,
}

fn rows() -> Vec<Row> {
    include_str!("../tests/data/pii/messages.ndjson")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            let word = |name: &str| row.get(name).and_then(serde_json::Value::as_str).unwrap().to_owned();
            let holds = row.get("spans").and_then(serde_json::Value::as_array).is_some_and(|s| !s.is_empty());
            Row { lang: word("lang"), text: word("text"), holds }
        })
        .collect()
}

fn prose() -> Vec<Row> {
    include_str!("../tests/data/pii/prose.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(' '))
        .map(|(lang, text)| Row { lang: lang.to_owned(), text: text.to_owned(), holds: false })
        .collect()
}

/// Numbers that are the same each time (Knuth's linear congruential generator, MMIX).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap().checked_rem(n).unwrap()
    }

    fn pick<'a>(&mut self, rows: &[&'a Row]) -> &'a Row {
        rows.iter().cycle().nth(self.below(rows.len())).unwrap()
    }
}

/// The least bytes of a message before no more prose is added.
const ENOUGH: usize = 44;

/// 2,400 messages.
fn messages() -> Vec<String> {
    let (rows, prose) = (rows(), prose());
    let (telling, alike): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.holds);
    let sentences: Vec<&Row> = prose.iter().collect();
    let mut dice = Dice(77);
    let mut message = |_| {
        let first = match dice.below(10) {
            0..5 => dice.pick(&telling),
            5..7 => dice.pick(&alike),
            _ => dice.pick(&sentences),
        };
        let others: Vec<&Row> = prose.iter().filter(|row| row.lang == first.lang).collect();
        let mut text = first.text.clone();
        while text.len() < ENOUGH {
            let more = &dice.pick(&others).text;
            text = if dice.below(2) == 0 { format!("{text} {more}") } else { format!("{more} {text}") };
        }
        text
    };
    (0..2400).map(&mut message).collect()
}
