//! Business time: data cases, and the minute walk as the oracle.

mod cases;
mod clocks;
mod lifecycle;
mod memory;
mod oracle;
mod properties;
