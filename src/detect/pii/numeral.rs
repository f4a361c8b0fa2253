//! Numbers in words, read as the digits that someone dictates.

/// The digits of a numeral, and how the next one joins it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numeral {
    pub(super) value: u32,
    /// How many digits it stands for.
    pub(super) places: u32,
    /// A round ten, to which a unit may be added: "thirty four".
    pub(super) takes_unit: bool,
}

/// What a word is in a dictated number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spoken {
    Number(Numeral),
    /// The next digit stands so many times.
    Times(u32),
    /// A plus sign.
    Plus,
}

/// Reads a folded word.
pub(super) fn read(word: &[u8]) -> Option<Spoken> {
    if let Some(times) = times(word) {
        return Some(Spoken::Times(times));
    }
    if matches!(word, b"piu" | b"plus" | b"mas") {
        return Some(Spoken::Plus);
    }
    single(word)
        .or_else(|| italian(word))
        .or_else(|| listed(word))
        .or_else(|| german(word))
        .map(Spoken::Number)
}

/// Hands over every word that is read, or how it starts, with whether it may have any ending.
pub(super) fn each_head(take: &mut dyn FnMut(&[u8], bool)) {
    let others: [&[u8]; 9] =
        [b"piu", b"plus", b"mas", b"doppio", b"double", b"doble", b"doppel", b"triplo", b"triple"];
    let english = ENGLISH.iter().map(|(word, _)| *word);
    let whole = others.into_iter().chain(DIGITS.concat()).chain(ITALIAN_TEENS.iter().copied()).chain(english);
    whole.for_each(|word| take(word, false));
    ITALIAN_TENS.iter().for_each(|(stem, _)| take(stem, true));
    take(b"cent", true);
    DIGITS
        .iter()
        .flat_map(|names| names.iter())
        .for_each(|digit| take(&[digit, b"cent".as_slice()].concat(), true));
}

fn times(word: &[u8]) -> Option<u32> {
    match word {
        b"doppio" | b"double" | b"doble" | b"doppel" => Some(2),
        b"triplo" | b"triple" => Some(3),
        _ => None,
    }
}

/// The digits of the five languages.
const DIGITS: [&[&[u8]]; 10] = [
    &[b"zero", b"oh", b"cero", b"null"],
    &[b"uno", b"un", b"una", b"one", b"eins", b"ein"],
    &[b"due", b"two", b"dos", b"deux", b"zwei", b"zwo"],
    &[b"tre", b"three", b"tres", b"trois", b"drei"],
    &[b"quattro", b"four", b"cuatro", b"quatre", b"vier"],
    &[b"cinque", b"five", b"cinco", b"cinq", b"funf"],
    &[b"sei", b"six", b"seis", b"sechs"],
    &[b"sette", b"seven", b"siete", b"sept", b"sieben"],
    &[b"otto", b"eight", b"ocho", b"huit", b"acht"],
    &[b"nove", b"nine", b"nueve", b"neuf", b"neun"],
];

fn single(word: &[u8]) -> Option<Numeral> {
    let value = DIGITS.iter().zip(0..).find(|(names, _)| names.contains(&word)).map(|(_, value)| value)?;
    Some(Numeral { value, places: 1, takes_unit: false })
}

const ITALIAN_TEENS: &[&[u8]] = &[
    b"dieci",
    b"undici",
    b"dodici",
    b"tredici",
    b"quattordici",
    b"quindici",
    b"sedici",
    b"diciassette",
    b"diciotto",
    b"diciannove",
];
/// Round tens by their stem, which loses its vowel before "uno" and "otto".
const ITALIAN_TENS: &[(&[u8], u32)] = &[
    (b"vent", 20),
    (b"trent", 30),
    (b"quarant", 40),
    (b"cinquant", 50),
    (b"sessant", 60),
    (b"settant", 70),
    (b"ottant", 80),
    (b"novant", 90),
];

/// Italian numbers up to 999 in one word: "trecentoquarantasette".
fn italian(word: &[u8]) -> Option<Numeral> {
    let Some(at) = word.windows(4).position(|w| w == b"cent") else {
        return below_hundred(word).map(|value| Numeral { value, places: 2, takes_unit: false });
    };
    let hundreds = match word.get(..at)? {
        b"" => 1,
        head => single(head)?.value,
    };
    let rest = word.get(at.saturating_add(4)..)?;
    let rest = rest.strip_prefix(b"o").filter(|rest| !rest.starts_with(b"tto")).unwrap_or(rest);
    let units =
        if rest.is_empty() { 0 } else { single(rest).map(|n| n.value).or_else(|| below_hundred(rest))? };
    Some(Numeral { value: hundreds.wrapping_mul(100).wrapping_add(units), places: 3, takes_unit: false })
}

fn below_hundred(word: &[u8]) -> Option<u32> {
    if let Some((_, value)) = ITALIAN_TEENS.iter().zip(10..).find(|(teen, _)| **teen == word) {
        return Some(value);
    }
    let (stem, tens) = ITALIAN_TENS.iter().find(|(stem, _)| word.starts_with(stem))?;
    let rest = word.get(stem.len()..)?;
    match rest {
        b"i" | b"a" => Some(*tens),
        _ => {
            let unit = rest.strip_prefix(b"i").or_else(|| rest.strip_prefix(b"a")).unwrap_or(rest);
            single(unit).map(|n| tens.wrapping_add(n.value))
        }
    }
}

const ENGLISH: &[(&[u8], u32)] = &[
    (b"ten", 10),
    (b"eleven", 11),
    (b"twelve", 12),
    (b"thirteen", 13),
    (b"fourteen", 14),
    (b"fifteen", 15),
    (b"sixteen", 16),
    (b"seventeen", 17),
    (b"eighteen", 18),
    (b"nineteen", 19),
    (b"twenty", 20),
    (b"thirty", 30),
    (b"forty", 40),
    (b"fourty", 40),
    (b"fifty", 50),
    (b"sixty", 60),
    (b"seventy", 70),
    (b"eighty", 80),
    (b"ninety", 90),
    (b"hundred", 0),
];

/// Numbers above nine of Spanish, French and German that follow no rule.
fn other(word: &[u8]) -> Option<u32> {
    Some(match word {
        b"diez" | b"dix" | b"zehn" => 10,
        b"once" | b"onze" | b"elf" => 11,
        b"doce" | b"douze" | b"zwolf" => 12,
        b"trece" | b"treize" => 13,
        b"catorce" | b"quatorze" => 14,
        b"quince" | b"quinze" => 15,
        b"dieciseis" | b"seize" | b"sechzehn" => 16,
        b"diecisiete" | b"siebzehn" => 17,
        b"dieciocho" => 18,
        b"diecinueve" => 19,
        b"veinte" | b"vingt" | b"vingts" | b"zwanzig" => 20,
        b"veintiuno" => 21,
        b"veintidos" => 22,
        b"veintitres" => 23,
        b"veinticuatro" => 24,
        b"veinticinco" => 25,
        b"veintiseis" => 26,
        b"veintisiete" => 27,
        b"veintiocho" => 28,
        b"veintinueve" => 29,
        b"treinta" | b"trente" | b"dreissig" => 30,
        b"cuarenta" | b"quarante" | b"vierzig" => 40,
        b"cincuenta" | b"cinquante" | b"funfzig" => 50,
        b"sesenta" | b"soixante" | b"sechzig" => 60,
        b"setenta" | b"septante" | b"siebzig" => 70,
        b"ochenta" | b"huitante" | b"achtzig" => 80,
        b"noventa" | b"nonante" | b"neunzig" => 90,
        _ => return None,
    })
}

/// The numbers of two digits that are written as one word and follow no rule.
fn listed(word: &[u8]) -> Option<Numeral> {
    let english = || ENGLISH.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
    let value = other(word).or_else(english)?;
    let ten = value.is_multiple_of(10) && value > 10 && !word.ends_with(b"zig") && !word.ends_with(b"ssig");
    Some(Numeral { value, places: 2, takes_unit: ten || word == b"dix" })
}

/// German numbers that are put together: "dreizehn", "zweiundvierzig".
fn german(word: &[u8]) -> Option<Numeral> {
    if word.len() < 8 {
        return None;
    }
    let number = |value| Some(Numeral { value, places: 2, takes_unit: false });
    if let Some(unit) = word.strip_suffix(b"zehn") {
        return single(unit).and_then(|unit| number(unit.value.wrapping_add(10)));
    }
    let at = word.windows(3).position(|three| three == b"und")?;
    let (unit, tens) = (single(word.get(..at)?)?, listed(word.get(at.saturating_add(3)..)?)?);
    let german = !tens.takes_unit && tens.value.is_multiple_of(10);
    if german { number(tens.value.wrapping_add(unit.value)) } else { None }
}
