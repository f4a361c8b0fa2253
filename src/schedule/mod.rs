//! Business time: calendars compiled once, and the clocks that run in them.
