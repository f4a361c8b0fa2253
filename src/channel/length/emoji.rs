//! Emoji sequences, which X counts as two whatever their length.
//!
//! Ranges: Unicode 16 `emoji-data.txt` (properties `Emoji`, `Emoji_Modifier_Base`); sequences: UTS #51
//! and `emoji-zwj-sequences.txt`; flags: ISO 3166-1 and the CLDR regions that have one. As of 2026-11.

use super::glyphs::Glyphs;

const JOINER: char = '\u{200D}';
const EMOJI_STYLE: char = '\u{FE0F}';
const TEXT_STYLE: char = '\u{FE0E}';
const KEYCAP: char = '\u{20E3}';
const TAG_END: char = '\u{E007F}';
/// No recommended sequence joins more than four emoji (kiss, family).
const MAX_JOINED: usize = 4;

/// Index past the emoji sequence that starts at `at`; `None` where none starts.
///
/// A single character that would count two anyway is reported all the same.
pub(super) fn sequence_end(glyphs: &Glyphs, at: usize) -> Option<usize> {
    let c = glyphs.at(at)?;
    if is_regional(c) {
        return Some(flag_end(glyphs, at, c));
    }
    if matches!(c, '0'..='9' | '#' | '*') {
        return keycap_end(glyphs, at);
    }
    if c == '\u{1F3F4}'
        && let Some(end) = tagged_flag_end(glyphs, at)
    {
        return Some(end);
    }
    joined_end(glyphs, at)
}

fn flag_end(glyphs: &Glyphs, at: usize, first: char) -> usize {
    let second = at.saturating_add(1);
    let is_flag = glyphs.is(second, |c| is_region(first, c));
    if is_flag { second.saturating_add(1) } else { second }
}

fn keycap_end(glyphs: &Glyphs, at: usize) -> Option<usize> {
    let next = at.saturating_add(1);
    let cap = if glyphs.is(next, |c| c == EMOJI_STYLE) { next.saturating_add(1) } else { next };
    glyphs.is(cap, |c| c == KEYCAP).then(|| cap.saturating_add(1))
}

/// England, Scotland and Wales are the subdivisions with a recommended flag.
fn tagged_flag_end(glyphs: &Glyphs, at: usize) -> Option<usize> {
    let body = at.saturating_add(1);
    let end = body.saturating_add(6);
    let tags: String = glyphs.chars(body, end).filter_map(untag).collect();
    let closed = glyphs.before(end) == Some(TAG_END);
    (closed && matches!(tags.as_str(), "gbeng" | "gbsct" | "gbwls")).then_some(end)
}

fn untag(c: char) -> Option<char> {
    char::from_u32(u32::from(c).checked_sub(0xE0000)?).filter(char::is_ascii_lowercase)
}

/// Elements joined by U+200D, as long as each pair can stand in a recommended sequence.
fn joined_end(glyphs: &Glyphs, at: usize) -> Option<usize> {
    let mut end = element_end(glyphs, at)?;
    let mut previous = glyphs.at(at)?;
    for _ in 1..MAX_JOINED {
        let next = end.saturating_add(1);
        let Some(c) = glyphs.at(next) else { break };
        if !glyphs.is(end, |c| c == JOINER) || !can_join(previous, c) {
            break;
        }
        let Some(next_end) = element_end(glyphs, next) else { break };
        (end, previous) = (next_end, c);
    }
    Some(end)
}

/// One emoji with its style or skin tone.
fn element_end(glyphs: &Glyphs, at: usize) -> Option<usize> {
    let c = glyphs.at(at)?;
    let next = at.saturating_add(1);
    if is_modifier_base(c) && glyphs.is(next, is_modifier) {
        return Some(next.saturating_add(1));
    }
    if glyphs.is(next, |c| c == TEXT_STYLE) {
        return None;
    }
    let styled = glyphs.is(next, |c| c == EMOJI_STYLE);
    let joined = glyphs.is(next, |c| c == JOINER);
    let stands_alone = !matches!(c, '©' | '®' | '™');
    (is_emoji(c) && (styled || joined || stands_alone)).then(|| next.saturating_add(usize::from(styled)))
}

/// Whether `second` may follow `first` after a joiner.
fn can_join(first: char, second: char) -> bool {
    match second {
        '♀' | '♂' => is_emoji(first),
        '➡' => matches!(first, '♀' | '♂' | '🦯' | '🦼' | '🦽') || is_modifier_base(first),
        '⚕' | '⚖' | '✈' | '❤' | '🌾' | '🍳' | '🍼' | '🎄' | '🎓' | '🎤' | '🎨' | '🏫' | '🏭' | '💻'
        | '💼' | '🔧' | '🔬' | '🚀' | '🚒' | '🤝' | '🦯' | '🦰' | '🦱' | '🦲' | '🦳' | '🦼' | '🦽' | '🐰'
        | '🫯' => is_person(first),
        '💋' => first == '❤',
        '👦' | '👧' | '🧒' => is_person(first) || matches!(first, '👦' | '👧' | '🧒'),
        '👨' | '👩' | '🧑' => is_person(first) || matches!(first, '❤' | '💋' | '🤝' | '🐰' | '🫯'),
        '🫲' => first == '🫱',
        _ => is_scene(first, second),
    }
}

fn is_scene(first: char, second: char) -> bool {
    matches!(
        (first, second),
        ('🏳', '🌈' | '⚧')
            | ('🏴', '☠')
            | ('👁', '🗨')
            | ('🐕', '🦺')
            | ('🐈', '⬛')
            | ('🐦', '⬛' | '🔥')
            | ('🐻', '❄')
            | ('😮', '💨')
            | ('😵', '💫')
            | ('😶', '🌫')
            | ('❤', '🔥' | '🩹')
            | ('⛓', '💥')
            | ('🍋', '🟩')
            | ('🍄', '🟫')
            | ('🙂', '↔' | '↕')
    )
}

fn is_person(c: char) -> bool {
    matches!(c, '👨' | '👩' | '🧑')
}

fn is_regional(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

fn is_modifier(c: char) -> bool {
    matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

/// Regions with a flag, in pairs of letters.
const REGIONS: &str = "ACADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCPCRCUCVCWCXCYCZDEDGDJDKDMDODZEAECEEEGEHERESETEUFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUICIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTATCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUNUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW";

fn is_region(first: char, second: char) -> bool {
    let (Some(a), Some(b)) = (letter(first), letter(second)) else { return false };
    let pairs = REGIONS.as_bytes().chunks_exact(2);
    pairs.into_iter().any(|pair| pair == [a, b])
}

fn letter(c: char) -> Option<u8> {
    let n = u32::from(c).checked_sub(0x1F1E6)?;
    u8::try_from(n).ok().filter(|n| *n < 26)?.checked_add(b'A')
}

fn is_in(c: char, ranges: &[(u32, u32)]) -> bool {
    let n = u32::from(c);
    let index = ranges.partition_point(|(_, last)| *last < n);
    ranges.get(index).is_some_and(|(first, _)| *first <= n)
}

fn is_emoji(c: char) -> bool {
    is_in(c, EMOJI)
}

fn is_modifier_base(c: char) -> bool {
    is_in(c, MODIFIER_BASES)
}

#[rustfmt::skip]
const EMOJI: &[(u32, u32)] = &[
    (0xA9, 0xA9), (0xAE, 0xAE), (0x203C, 0x203C), (0x2049, 0x2049), (0x2122, 0x2122), (0x2139, 0x2139),
    (0x2194, 0x2199), (0x21A9, 0x21AA), (0x231A, 0x231B), (0x2328, 0x2328), (0x23CF, 0x23CF),
    (0x23E9, 0x23F3), (0x23F8, 0x23FA), (0x24C2, 0x24C2), (0x25AA, 0x25AB), (0x25B6, 0x25B6),
    (0x25C0, 0x25C0), (0x25FB, 0x25FE), (0x2600, 0x2604), (0x260E, 0x260E), (0x2611, 0x2611),
    (0x2614, 0x2615), (0x2618, 0x2618), (0x261D, 0x261D), (0x2620, 0x2620), (0x2622, 0x2623),
    (0x2626, 0x2626), (0x262A, 0x262A), (0x262E, 0x262F), (0x2638, 0x263A), (0x2640, 0x2640),
    (0x2642, 0x2642), (0x2648, 0x2653), (0x265F, 0x2660), (0x2663, 0x2663), (0x2665, 0x2666),
    (0x2668, 0x2668), (0x267B, 0x267B), (0x267E, 0x267F), (0x2692, 0x2697), (0x2699, 0x2699),
    (0x269B, 0x269C), (0x26A0, 0x26A1), (0x26A7, 0x26A7), (0x26AA, 0x26AB), (0x26B0, 0x26B1),
    (0x26BD, 0x26BE), (0x26C4, 0x26C5), (0x26C8, 0x26C8), (0x26CE, 0x26CF), (0x26D1, 0x26D1),
    (0x26D3, 0x26D4), (0x26E9, 0x26EA), (0x26F0, 0x26F5), (0x26F7, 0x26FA), (0x26FD, 0x26FD),
    (0x2702, 0x2702), (0x2705, 0x2705), (0x2708, 0x270D), (0x270F, 0x270F), (0x2712, 0x2712),
    (0x2714, 0x2714), (0x2716, 0x2716), (0x271D, 0x271D), (0x2721, 0x2721), (0x2728, 0x2728),
    (0x2733, 0x2734), (0x2744, 0x2744), (0x2747, 0x2747), (0x274C, 0x274C), (0x274E, 0x274E),
    (0x2753, 0x2755), (0x2757, 0x2757), (0x2763, 0x2764), (0x2795, 0x2797), (0x27A1, 0x27A1),
    (0x27B0, 0x27B0), (0x27BF, 0x27BF), (0x2934, 0x2935), (0x2B05, 0x2B07), (0x2B1B, 0x2B1C),
    (0x2B50, 0x2B50), (0x2B55, 0x2B55), (0x3030, 0x3030), (0x303D, 0x303D), (0x3297, 0x3297),
    (0x3299, 0x3299), (0x1F004, 0x1F004), (0x1F0CF, 0x1F0CF), (0x1F170, 0x1F171), (0x1F17E, 0x1F17F),
    (0x1F18E, 0x1F18E), (0x1F191, 0x1F19A), (0x1F1E6, 0x1F1FF), (0x1F201, 0x1F202), (0x1F21A, 0x1F21A),
    (0x1F22F, 0x1F22F), (0x1F232, 0x1F23A), (0x1F250, 0x1F251), (0x1F300, 0x1F321), (0x1F324, 0x1F393),
    (0x1F396, 0x1F397), (0x1F399, 0x1F39B), (0x1F39E, 0x1F3F0), (0x1F3F3, 0x1F3F5), (0x1F3F7, 0x1F4FD),
    (0x1F4FF, 0x1F53D), (0x1F549, 0x1F54E), (0x1F550, 0x1F567), (0x1F56F, 0x1F570), (0x1F573, 0x1F57A),
    (0x1F587, 0x1F587), (0x1F58A, 0x1F58D), (0x1F590, 0x1F590), (0x1F595, 0x1F596), (0x1F5A4, 0x1F5A5),
    (0x1F5A8, 0x1F5A8), (0x1F5B1, 0x1F5B2), (0x1F5BC, 0x1F5BC), (0x1F5C2, 0x1F5C4), (0x1F5D1, 0x1F5D3),
    (0x1F5DC, 0x1F5DE), (0x1F5E1, 0x1F5E1), (0x1F5E3, 0x1F5E3), (0x1F5E8, 0x1F5E8), (0x1F5EF, 0x1F5EF),
    (0x1F5F3, 0x1F5F3), (0x1F5FA, 0x1F64F), (0x1F680, 0x1F6C5), (0x1F6CB, 0x1F6D2), (0x1F6D5, 0x1F6D7),
    (0x1F6DC, 0x1F6E5), (0x1F6E9, 0x1F6E9), (0x1F6EB, 0x1F6EC), (0x1F6F0, 0x1F6F0), (0x1F6F3, 0x1F6FC),
    (0x1F7E0, 0x1F7EB), (0x1F7F0, 0x1F7F0), (0x1F90C, 0x1F93A), (0x1F93C, 0x1F945), (0x1F947, 0x1F9FF),
    (0x1FA70, 0x1FA7C), (0x1FA80, 0x1FA89), (0x1FA8F, 0x1FAC6), (0x1FACE, 0x1FADC), (0x1FADF, 0x1FAE9),
    (0x1FAEF, 0x1FAF8),
];

#[rustfmt::skip]
const MODIFIER_BASES: &[(u32, u32)] = &[
    (0x261D, 0x261D), (0x26F9, 0x26F9), (0x270A, 0x270D), (0x1F385, 0x1F385), (0x1F3C2, 0x1F3C4),
    (0x1F3C7, 0x1F3C7), (0x1F3CA, 0x1F3CC), (0x1F442, 0x1F443), (0x1F446, 0x1F450), (0x1F466, 0x1F478),
    (0x1F47C, 0x1F47C), (0x1F481, 0x1F483), (0x1F485, 0x1F487), (0x1F48F, 0x1F48F), (0x1F491, 0x1F491),
    (0x1F4AA, 0x1F4AA), (0x1F574, 0x1F575), (0x1F57A, 0x1F57A), (0x1F590, 0x1F590), (0x1F595, 0x1F596),
    (0x1F645, 0x1F647), (0x1F64B, 0x1F64F), (0x1F6A3, 0x1F6A3), (0x1F6B4, 0x1F6B6), (0x1F6C0, 0x1F6C0),
    (0x1F6CC, 0x1F6CC), (0x1F90C, 0x1F90C), (0x1F90F, 0x1F90F), (0x1F918, 0x1F91F), (0x1F926, 0x1F926),
    (0x1F930, 0x1F939), (0x1F93C, 0x1F93E), (0x1F977, 0x1F977), (0x1F9B5, 0x1F9B6), (0x1F9B8, 0x1F9B9),
    (0x1F9BB, 0x1F9BB), (0x1F9CD, 0x1F9CF), (0x1F9D1, 0x1F9DD), (0x1FAC3, 0x1FAC5), (0x1FAF0, 0x1FAF8),
];
