//! Why a rule matched and why not: the tests named are those that a naive walk over the tree names.

use galateo::model::Language;
use galateo::playbook::{Document, Encoding, Facts, Reader, Rule, Truth};
use galateo::{Diagnostics, Limits};
use serde_json::{Value, json};

use crate::model_reference::{Dice, World, a_condition, a_world, fill, holds, the_fields};

fn read(rule: &Value) -> Result<Rule<String>, Diagnostics> {
    let (document, fields) = (Document::from_value(&json!([rule]))?, the_fields());
    let mut reader = Reader::new(&document, &Limits::DEFAULT).with_fields(&fields);
    let rules = <Vec<Rule<String>> as galateo::playbook::Section>::read(document.root(), &mut reader);
    reader.finish(rules).map(|(mut rules, _)| rules.pop().unwrap())
}

/// A test of the tree: its path, and every condition from the root down to it with what is wanted of it.
struct Leaf<'c> {
    path: String,
    chain: Vec<(&'c Value, bool)>,
}

fn leaves<'c>(
    condition: &'c Value,
    wanted: bool,
    path: &str,
    above: &[(&'c Value, bool)],
    found: &mut Vec<Leaf<'c>>,
) {
    let chain = [above, &[(condition, wanted)]].concat();
    let (word, inner) = condition.as_object().unwrap().iter().next().unwrap();
    let (list, word, wanted) = match word.as_str() {
        "not" => return leaves(inner, !wanted, &format!("{path}.not"), &chain, found),
        "all" | "any" => (inner, word.as_str(), wanted),
        "none" => (inner, "none", !wanted),
        "at_least" => (&inner["of"], "at_least.of", wanted),
        _ => return found.push(Leaf { path: path.to_owned(), chain }),
    };
    for (i, member) in list.as_array().unwrap().iter().enumerate() {
        leaves(member, wanted, &format!("{path}.{word}[{i}]"), &chain, found);
    }
}

/// The first test that is not as it must be, all groups around it being not as they must be.
fn first_obstacle(condition: &Value, world: &World, is_lenient: bool) -> Option<(String, Option<bool>)> {
    let suits =
        |condition: &Value, wanted: bool| holds(condition, world).map_or(is_lenient, |truth| truth == wanted);
    let mut found = Vec::new();
    leaves(condition, true, "when", &[], &mut found);
    let first = found.iter().find(|leaf| leaf.chain.iter().all(|(inner, wanted)| !suits(inner, *wanted)))?;
    Some((first.path.clone(), holds(first.chain.last().unwrap().0, world)))
}

fn truth(model: Option<bool>) -> Truth {
    model.map_or(Truth::Unknown, Truth::from)
}

#[test]
fn why_not_names_the_first_test_that_kept_the_rule_from_matching_in_1000_random_cases() {
    let fields = the_fields();
    let (mut seed, mut checked, mut unknown, mut turned) = (0, 0, 0, 0);
    while checked < 1000 {
        seed += 1;
        let d = &mut Dice::new(seed);
        let when = a_condition(d, 4);
        let on_unknown = d.pick(&["skip", "match", "fail_closed"]);
        let rule = read(&json!({ "id": "r", "when": when, "on_unknown": on_unknown })).unwrap();
        let world = a_world(d);
        let encoding = Encoding::new(&fields, [&rule.when], &Limits::DEFAULT);
        let mut facts = Facts::new(&encoding);
        fill(&mut facts, &fields, &world);
        let explained = rule.explain(&facts);
        let is_lenient = on_unknown != "skip";
        let model = holds(&when, &world);
        assert_eq!(explained.matched, model.unwrap_or(is_lenient), "seed {seed}: {when}");
        assert_eq!(explained.in_doubt, model.is_none() && is_lenient, "seed {seed}: {when}");
        let mut found = Vec::new();
        leaves(&when, true, "when", &[], &mut found);
        for test in &explained.tests {
            let leaf =
                found.iter().find(|leaf| leaf.path == test.path).unwrap_or_else(|| panic!("{}", test.path));
            let (inner, wanted) = leaf.chain.last().unwrap();
            assert_eq!(
                (test.truth, test.wanted),
                (truth(holds(inner, &world)), *wanted),
                "seed {seed}: {when}"
            );
            assert!(!test.asked.in_words(Language::It).is_empty());
        }
        if explained.matched {
            continue;
        }
        checked += 1;
        let expected = first_obstacle(&when, &world, is_lenient);
        let named = explained.tests.first().map(|test| (test.path.clone(), test.truth));
        assert_eq!(
            named,
            expected.map(|(path, model)| (path, truth(model))),
            "seed {seed}: {when}\n{world:?}"
        );
        assert!(explained.tests.len() <= 1);
        unknown += usize::from(explained.tests.iter().any(|test| test.truth == Truth::Unknown));
        turned += usize::from(explained.tests.iter().any(|test| !test.wanted));
    }
    assert!(unknown > 50 && turned > 100, "{unknown} unknown, {turned} under a negation");
}

/// What a matched rule names suffices: with every other test unknown the model still finds that it matches.
#[test]
fn the_tests_that_are_named_for_a_match_are_enough_for_it() {
    let fields = the_fields();
    let mut checked = 0;
    for seed in 0..2000 {
        let d = &mut Dice::new(seed);
        let when = a_condition(d, 4);
        let rule = read(&json!({ "id": "r", "when": when })).unwrap();
        let world = a_world(d);
        let encoding = Encoding::new(&fields, [&rule.when], &Limits::DEFAULT);
        let mut facts = Facts::new(&encoding);
        fill(&mut facts, &fields, &world);
        let explained = rule.explain(&facts);
        if explained.matched {
            let paths: Vec<&str> = explained.tests.iter().map(|test| test.path.as_str()).collect();
            assert_eq!(
                with_only(&when, &world, "when", &paths),
                Some(true),
                "seed {seed}: {when}: {paths:?}"
            );
            checked += 1;
        }
    }
    assert!(checked > 300, "{checked}");
}

/// The truth of a condition where only the tests at these paths are known.
fn with_only(condition: &Value, world: &World, path: &str, known: &[&str]) -> Option<bool> {
    let (word, inner) = condition.as_object().unwrap().iter().next().unwrap();
    let list = if word == "at_least" { &inner["of"] } else { inner };
    let name = if word == "at_least" { "at_least.of" } else { word };
    let each = || -> Vec<Option<bool>> {
        let members = list.as_array().unwrap().iter().enumerate();
        members.map(|(i, member)| with_only(member, world, &format!("{path}.{name}[{i}]"), known)).collect()
    };
    let every = |truths: Vec<Option<bool>>, unit: bool| {
        let settled = truths.contains(&Some(!unit)).then_some(!unit);
        settled.or_else(|| truths.iter().all(|truth| *truth == Some(unit)).then_some(unit))
    };
    match word.as_str() {
        "not" => with_only(inner, world, &format!("{path}.not"), known).map(|truth| !truth),
        "all" => every(each(), true),
        "any" => every(each(), false),
        "none" => every(each(), false).map(|truth| !truth),
        "at_least" => {
            let (n, truths) = (inner["n"].as_u64().unwrap() as usize, each());
            let (sure, possible) = (
                truths.iter().filter(|truth| **truth == Some(true)).count(),
                truths.iter().filter(|truth| **truth != Some(false)).count(),
            );
            if sure >= n { Some(true) } else { (possible < n).then_some(false) }
        }
        _ => known.contains(&path).then(|| holds(condition, world)).flatten(),
    }
}
