//! The one integration binary: each module below is one subject.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::get_unwrap,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::too_many_lines,
    clippy::unreachable,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "the wall of lints is for the library; a test fails by panicking"
)]

mod architecture;
mod channel_facts;
mod channel_length;
mod detect;
mod detect_en;
mod detect_engine;
mod detect_it;
mod detect_properties;
mod engine;
mod engine_props;
mod families;
mod fuzz_replay;
mod gate;
mod hostile;
mod interop;
mod interop_day;
mod leaks;
mod measure;
mod measure_pulse;
mod measure_report;
mod model;
mod model_reference;
mod own_facts;
mod pii;
mod pii_bar;
mod pii_data;
mod pii_props;
mod pii_scaling;
mod pipe;
mod pipe_rules;
mod playbook;
mod playbook_cases;
mod playbook_lint;
mod playbook_written;
mod replay;
mod requirements;
mod scaling;
mod schedule;
mod scorer;
mod text;
mod text_table;
mod triage;
mod why_not;
