//! The one integration binary: each module below is one subject.
#![expect(
    clippy::allow_attributes,
    reason = "the wall of lints is for the library; a test fails by panicking and may count with `+`"
)]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::too_many_lines,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "as above"
)]

mod architecture;
mod channel_facts;
mod channel_length;
mod detect;
mod detect_en;
mod detect_engine;
mod detect_properties;
mod interop_day;
mod measure;
mod measure_pulse;
mod measure_report;
mod model;
mod pii;
mod scorer;
mod text;
mod text_table;
