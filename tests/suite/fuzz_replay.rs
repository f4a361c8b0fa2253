//! The fuzz targets on stable: every regression that fuzzing has found, and a few bytes of every kind.

#[path = "../../fuzz/src/lib.rs"]
pub(crate) mod targets;

use std::path::Path;

#[test]
fn every_regression_is_replayed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions");
    for (name, run) in targets::TARGETS {
        let Ok(files) = std::fs::read_dir(folder.join(name)) else { continue };
        for file in files {
            let path = file.unwrap().path();
            println!("{}", path.display());
            run(&std::fs::read(&path).unwrap());
        }
    }
}

#[test]
fn every_target_stands_bytes_of_every_kind() {
    let seeds: [&[u8]; 9] = [
        b"",
        b"\0",
        &[0xFF; 64],
        &[0x07, 0xE2, 0x80, 0x8B, 0xCC, 0x81, 0x20, 0x61],
        "voglio il rimborso, anna.verdi@example.com 4111 1111 1111 1111 entro 24 ore".as_bytes(),
        b"name = 'a'\nversion = '1'\nlanguages = ['it']\n[[rules]]\nid = 'r'\nthen = [{ add_tags = ['a'] }]",
        br#"[{"id":"r","when":{"not":{"all":[{"channel":"x"}]}}}]"#,
        b"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a",
        br#"{"version":1,"id":"c","status":{"value":"new","at":null,"before":null},"priority":{"value":null,"at":null,"before":null},"assigned":{"value":{"queue":null,"agent":null},"at":null,"before":null}}"#,
    ];
    for (_, run) in targets::TARGETS {
        seeds.iter().for_each(|seed| run(seed));
    }
}

#[test]
fn every_target_has_its_program_and_its_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    for (name, _) in targets::TARGETS {
        assert!(folder.join("fuzz_targets").join(format!("{name}.rs")).is_file(), "{name}");
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
}
