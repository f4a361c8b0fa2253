//! What can be told about a playbook before anything happens: its faults, its lint, its own tests.

use std::io::{self, Write};

use galateo::model::Language;
use galateo::playbook::Policy;
use galateo::{Diagnostic, Diagnostics, Engine, Severity};

use crate::page::{Line, Page, Tone};
use crate::wording::Wording;

/// Shows everything that is to be said of a playbook; tells whether there was nothing.
pub fn show<W: Write>(
    page: &mut Page<W>,
    words: &Wording,
    policy: &Policy,
    warnings: Diagnostics,
) -> io::Result<bool> {
    let playbook = policy.playbook();
    page.title(&format!(
        "{} {} {}",
        words.say("Playbook", "Playbook"),
        playbook.name.as_str(),
        playbook.version
    ))?;
    let mut found = warnings;
    found.extend(policy.lint());
    let failed = Engine::new(policy.clone()).run_tests();
    let tests = playbook.test.len();
    let broken = failed.as_slice().len();
    for one in found.iter().chain(&failed) {
        show_one(page, words, one)?;
    }
    if found.is_empty() {
        page.text(&Line::of(
            Tone::Good,
            words.say("The lint has nothing to say.", "Il controllo non ha nulla da dire."),
        ))?;
    }
    let told = if words.language() == Language::It {
        format!("{} regole, {tests} test: {broken} difetti trovati dai test", playbook.rules.len())
    } else {
        format!("{} rules, {tests} tests: {broken} faults found by the tests", playbook.rules.len())
    };
    page.text(&Line::of(if broken == 0 { Tone::Good } else { Tone::Bad }, told))?;
    page.flush()?;
    Ok(found.is_empty() && failed.is_empty())
}

fn show_one<W: Write>(page: &mut Page<W>, words: &Wording, one: &Diagnostic) -> io::Result<()> {
    let tone = if one.code.severity() == Severity::Error { Tone::Bad } else { Tone::Careful };
    let mut place = one.path.clone();
    if let (Some(line), Some(column)) = (one.line, one.column) {
        let at = words.say("line", "riga");
        place = format!("{place} ({at} {line}:{column})");
    }
    page.head(&Line::of(tone, one.code.as_str()).plain(format!("  {place}")))?;
    page.item("", &Line::of(Tone::Plain, one.message.as_str()))?;
    page.item(words.say("rules", "regole"), &Line::of(Tone::Plain, one.rules().join(", ")))?;
    page.item(words.say("help", "aiuto"), &Line::of(Tone::Faint, one.help.clone().unwrap_or_default()))?;
    page.blank()
}
