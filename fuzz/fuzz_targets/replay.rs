#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| galateo_fuzz::replay(data));
