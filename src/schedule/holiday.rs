//! The dates that holiday rules yield, year by year.

use std::collections::BTreeSet;

use super::date::{Date, days_in_month, weekday, year_of};
use super::error::SpecFault;
use super::spec::{HolidayRule, Observed};

/// Days behind a holiday in which a weekday can stand in for it: where all are holidays, none does.
const REACH: i64 = 31;

/// The faults of a rule that can never hold.
pub(crate) fn check(rule: &HolidayRule, path: &str, faults: &mut Vec<SpecFault>) {
    let legal = match rule {
        HolidayRule::Easter { offset } => (-366..=366).contains(offset),
        HolidayRule::Fixed { month, day, .. } => *day >= 1 && *day <= days_in_month(2000, *month),
        HolidayRule::NthWeekday { month, nth, .. } => {
            (1..=12).contains(month) && (1..=5).contains(&nth.saturating_abs())
        }
    };
    if !legal {
        let help = "month 1 to 12, a day that the month has, nth 1 to 5 or -1 to -5, offset at most 366";
        faults.push(SpecFault::new("holiday_rule", path, "holiday rule that no year fulfils", help));
    }
}

/// Appends the days of `rules` that fall into `from..=to`, unsorted; `listed` are the sorted dates that are
/// holidays without a rule, on which no substitute falls.
pub(crate) fn expand(rules: &[HolidayRule], listed: &[i64], from: i64, to: i64, days: &mut Vec<i64>) {
    if rules.is_empty() {
        return;
    }
    let first = days.len();
    // A substitute or an Easter offset can reach into the neighbouring years, and no further.
    let years = || year_of(from).saturating_sub(1)..=year_of(to).saturating_add(1);
    days.extend(years().flat_map(|year| rules.iter().filter_map(move |rule| base(rule, year))));
    let substitutes = rules
        .iter()
        .any(|rule| matches!(rule, HolidayRule::Fixed { observed, .. } if *observed != Observed::Never));
    if substitutes {
        let mut taken: BTreeSet<i64> = days.iter().skip(first).copied().collect();
        for (year, rule) in years().flat_map(|year| rules.iter().map(move |rule| (year, rule))) {
            let HolidayRule::Fixed { observed, .. } = rule else { continue };
            let Some(day) = base(rule, year).filter(|day| weekday(*day) >= 5) else { continue };
            let is_free = |day: i64| !taken.contains(&day) && listed.binary_search(&day).is_err();
            if let Some(day) = substitute(*observed, day, is_free) {
                taken.insert(day);
                days.push(day);
            }
        }
    }
    days.retain(|day| (from..=to).contains(day));
}

fn base(rule: &HolidayRule, year: i32) -> Option<i64> {
    match rule {
        HolidayRule::Easter { offset } => {
            Some(i64::from(Date::easter(year)?.day_number()).saturating_add(i64::from(*offset)))
        }
        HolidayRule::Fixed { month, day, .. } => {
            Date::new(year, *month, *day).map(|date| i64::from(date.day_number()))
        }
        HolidayRule::NthWeekday { month, weekday, nth } => nth_weekday(year, *month, weekday.number(), *nth),
    }
}

fn nth_weekday(year: i32, month: i32, wanted: i64, nth: i32) -> Option<i64> {
    let first = i64::from(Date::new(year, month, 1)?.day_number());
    let last = first.saturating_add(i64::from(days_in_month(year, month))).saturating_sub(1);
    let weeks = i64::from(nth.saturating_abs()).saturating_sub(1).saturating_mul(7);
    let day = if nth > 0 {
        let ahead = wanted.saturating_sub(weekday(first)).rem_euclid(7);
        first.saturating_add(ahead).saturating_add(weeks)
    } else {
        let behind = weekday(last).saturating_sub(wanted).rem_euclid(7);
        last.saturating_sub(behind).saturating_sub(weeks)
    };
    (first..=last).contains(&day).then_some(day)
}

fn substitute(observed: Observed, day: i64, is_free: impl Fn(i64) -> bool) -> Option<i64> {
    match observed {
        Observed::Never => None,
        Observed::NearestWeekday if weekday(day) == 5 => day.checked_sub(1),
        Observed::NearestWeekday => day.checked_add(1),
        Observed::NextWeekday => {
            (1..=REACH).map(|n| day.saturating_add(n)).find(|d| weekday(*d) < 5 && is_free(*d))
        }
    }
}
