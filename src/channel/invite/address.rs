//! The parts of a link that say where it leads.

/// The host of a link with `//`, in lower case and without user name, port and `www.`.
pub(super) fn host_of(link: &str) -> Option<String> {
    let (scheme, rest) = link.split_once("://")?;
    if !scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')) {
        return None;
    }
    // Only the web's schemes have hosts of accounts; `viber://pa` names an action.
    scheme.to_ascii_lowercase().starts_with("http").then(|| host_in(rest))
}

/// The host at the start of what follows `//`: everything before the path, after a user name.
pub(super) fn host_in(rest: &str) -> String {
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default().trim_end_matches('.').to_lowercase();
    host.strip_prefix("www.").map_or(host.clone(), str::to_owned)
}

/// Whether a host is `known` or a subdomain of it.
pub(super) fn is_on(host: &str, known: &str) -> bool {
    let known = known.strip_prefix("www.").unwrap_or(known);
    host.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Path segments that stand before the account they introduce.
const INTRODUCTIONS: &[&str] = &[
    "c", "channel", "company", "compose", "in", "m", "messages", "p", "pa", "pages", "pg", "profile", "r",
    "s", "school", "send", "showcase", "ti", "user",
];
/// First path segments that name content or a function of the network, not an account.
const CONTENT: &[&str] = &[
    "about",
    "events",
    "explore",
    "feed",
    "groups",
    "hashtag",
    "help",
    "home",
    "i",
    "intent",
    "jobs",
    "joinchat",
    "legal",
    "login",
    "marketplace",
    "message",
    "playlist",
    "posts",
    "privacy",
    "reel",
    "reels",
    "search",
    "settings",
    "share",
    "sharer",
    "shorts",
    "stories",
    "story.php",
    "t",
    "tag",
    "terms",
    "v",
    "video",
    "watch",
];
/// Query parameters that name the account.
const KEYS: &[&str] = &["recipient_id", "phone", "id", "chaturi", "screen_name", "accountid"];

/// The account that the rest of a link, after the host, names; `None` where it names content or nothing.
pub(super) fn account_in(rest: &str) -> Option<&str> {
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = path.split('#').next().unwrap_or_default();
    let mut segments = path.split('/').filter(|segment| !segment.is_empty()).peekable();
    if let Some(first) = segments.peek()
        && is_listed(CONTENT, first)
    {
        return None;
    }
    // A picture of Instagram stands under `/p/`, a LINE account under `/R/ti/p/@name`.
    let is_picture = segments.peek().is_some_and(|first| *first == "p");
    while segments.next_if(|segment| is_listed(INTRODUCTIONS, segment)).is_some() {}
    let named = segments.next().filter(|segment| !segment.contains('.') || !segment.ends_with("php"));
    if is_picture { None } else { named.or_else(|| account_in_query(query)) }
}

fn account_in_query(query: &str) -> Option<&str> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find(|(key, _)| is_listed(KEYS, key)).map(|(_, value)| value)
}

fn is_listed(list: &[&str], word: &str) -> bool {
    list.iter().any(|known| known.eq_ignore_ascii_case(word))
}
