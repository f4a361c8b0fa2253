// What `benches/text.rs` and its twin beside the peers read.

/// 105 bytes each.
const MESSAGES: [(&str, &str); 3] = [
    (
        "english",
        "Hello, I ordered a phone two weeks ago and it is still not here! Call me at 333 1234567 please, order 123",
    ),
    (
        "italian",
        "Buongiorno, perché il pacco non è arrivato? Così non va, è già la terza volta e nessuno mi risponde 😡",
    ),
    (
        "praise",
        "Just wanted to say thank you to the team in Leeds, the new boiler works perfectly and the lads were great",
    ),
];
