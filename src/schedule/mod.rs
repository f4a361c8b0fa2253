//! Business time: calendars compiled once, and the clocks that run in them.

mod calendar;
mod century;
mod date;
mod error;
mod grid;
mod holiday;
mod hours;
mod intervals;
mod posix;
mod request;
pub mod sla;
mod sla_request;
mod spec;
mod walk;
mod work;
mod zone;

pub use calendar::{Calendar, Horizon, Landing, Landings, Unreachable};
pub use date::{Date, DateError};
pub use error::{SpecFault, SpecFaults};
pub use request::{BusinessTimeAnswer, BusinessTimeRequest, BusinessTimeResult, Operation};
pub use sla_request::{
    ClockExplanation, Difference, NextDeadline, SlaAnswer, SlaDeadline, SlaEvent, SlaRequest, WhatIf, what_if,
};
pub use spec::{
    CalendarSpec, DstReading, Holiday, HolidayRule, Observed, Overnight, Precedence, TimeOfDay,
    TimeOfDayError, Weekday, Weekly, Window,
};
pub use zone::{Zone, ZoneError};
