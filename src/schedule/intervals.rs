//! Sets of half-open stretches of seconds, as sorted lists in which no two overlap or touch.

/// Sorts stretches and joins those that overlap or touch; empty ones vanish.
pub(crate) fn normalise(list: &mut Vec<(i64, i64)>) {
    list.retain(|(start, end)| start < end);
    if !list.is_sorted() {
        list.sort_unstable();
    }
    list.dedup_by(|next, kept| {
        let joined = next.0 <= kept.1;
        if joined {
            kept.1 = kept.1.max(next.1);
        }
        joined
    });
}

/// What lies in both sets.
pub(crate) fn intersect(a: &[(i64, i64)], b: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut both = Vec::new();
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(&&x), Some(&&y)) = (a.peek(), b.peek()) {
        let common = (x.0.max(y.0), x.1.min(y.1));
        if common.0 < common.1 {
            both.push(common);
        }
        if x.1 <= y.1 {
            a.next();
        } else {
            b.next();
        }
    }
    both
}

/// Takes `holes` out of `list`; how many were looked at.
pub(crate) fn subtract(list: &mut Vec<(i64, i64)>, holes: &[(i64, i64)]) -> usize {
    let Some(&(from, _)) = list.first() else { return 0 };
    let first = holes.partition_point(|(_, end)| *end <= from);
    let mut next = first;
    if holes.get(next).is_none_or(|(start, _)| list.last().is_none_or(|(_, end)| end <= start)) {
        return 0;
    }
    let mut kept = Vec::with_capacity(list.len());
    for &(mut start, end) in list.iter() {
        while let Some(&(hole_start, hole_end)) = holes.get(next).filter(|hole| hole.0 < end) {
            if start < hole_start {
                kept.push((start, hole_start));
            }
            start = start.max(hole_end);
            if hole_end > end {
                break;
            }
            next = next.saturating_add(1);
        }
        if start < end {
            kept.push((start, end));
        }
    }
    *list = kept;
    next.saturating_sub(first).saturating_add(1)
}

/// Seconds covered.
pub(crate) fn total(list: &[(i64, i64)]) -> i64 {
    list.iter().fold(0, |sum: i64, (start, end)| sum.saturating_add(end.saturating_sub(*start)))
}
