//! Vendor payloads, read into events.
