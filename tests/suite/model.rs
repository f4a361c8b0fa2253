//! The nouns: instants, identifiers, surfaces.

use galateo::model::{ConversationId, IdError, Surface, TimeError, Timestamp, Visibility};

#[test]
fn a_leap_second_is_clamped_and_keeps_order_and_distance_together() {
    let leap: Timestamp = "2016-12-31T23:59:60Z".parse().unwrap();
    let midnight: Timestamp = "2017-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(leap.to_string(), "2016-12-31T23:59:59.999Z");
    assert!(leap < midnight && midnight.as_millis() > leap.as_millis());
}

#[test]
fn the_door_of_time_is_the_years_1970_to_9999() {
    for (text, expected) in [
        ("1969-12-31T23:59:59Z", Err(TimeError::Range)),
        ("+10000-01-01T00:00:00Z", Err(TimeError::Format)),
        ("2026-11-22T10:00:00", Err(TimeError::Format)),
        ("", Err(TimeError::Format)),
        ("9999-12-31T23:59:59Z", Ok("9999-12-31T23:59:59Z")),
        ("1970-01-01T01:00:00+01:00", Ok("1970-01-01T00:00:00Z")),
    ] {
        let read = text.parse::<Timestamp>().map(|t| t.to_string());
        assert_eq!(read.as_deref().map_err(|e| *e), expected, "{text}");
    }
}

#[test]
fn an_identifier_is_read_from_a_number_without_losing_digits() {
    let id: ConversationId = serde_json::from_str("1924465506158879000").unwrap();
    assert_eq!(id.as_str(), "1924465506158879000");
    assert!(serde_json::from_str::<ConversationId>("1.5").is_err());
    assert_eq!(ConversationId::new("a\u{202E}b"), Err(IdError::Control));
}

#[test]
fn a_surface_round_trips_and_an_unknown_one_counts_as_public() {
    for text in ["x/post", "instagram/direct_message", "facebook/post:group", "threads/thread", "email/email"]
    {
        let surface: Surface = text.parse().unwrap();
        assert_eq!(surface.to_string(), text);
    }
    let unknown: Surface = "threads/thread".parse().unwrap();
    assert_eq!(unknown.visibility, Visibility::Public);
    assert!("x".parse::<Surface>().is_err() && "x/po st/y".parse::<Surface>().is_err());
}
