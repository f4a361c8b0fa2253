//! The project's own set of messages with personal data: a seeded generator, and the file it wrote.
//!
//! The values are made here, with check digits computed apart from the crate. To write the file anew:
//! `GALATEO_WRITE=1 cargo test --test suite pii_data`.

use std::fmt::Write as _;

/// Where the set is kept.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/pii/messages.ndjson");
/// Messages of the set.
const MESSAGES: usize = 2400;
const SEED: u64 = 20_261_122;

#[test]
fn the_committed_messages_follow_from_the_seed() {
    let written = generate(SEED, MESSAGES);
    if std::env::var_os("GALATEO_WRITE").is_some() {
        std::fs::write(FILE, &written).unwrap();
    }
    assert!(std::fs::read_to_string(FILE).unwrap() == written, "write the file anew");
}

/// Numbers that look random and are the same everywhere.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }

    fn digits(&mut self, n: usize) -> String {
        (0..n).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }

    fn letters(&mut self, n: usize, from: &str) -> String {
        let from: Vec<char> = from.chars().collect();
        (0..n).map(|_| from[self.below(from.len())]).collect()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

const CONSONANTS: &str = "BCDFGLMNPRSTVZ";
const ALL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

fn luhn_digit(body: &str) -> char {
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b - b'0');
            if i % 2 == 0 { if d > 4 { d * 2 - 9 } else { d * 2 } } else { d }
        })
        .sum();
    char::from(b'0' + ((10 - sum % 10) % 10) as u8)
}

fn card(dice: &mut Dice) -> String {
    let (prefix, length) = dice.pick(
        &[
            &("4", 16),
            &("4", 16),
            &("51", 16),
            &("54", 16),
            &("2221", 16),
            &("37", 15),
            &("34", 15),
            &("6011", 16),
            &("36", 14),
            &("3528", 16),
            &("62", 16),
            &("5018", 16),
        ][..],
    );
    let body = format!("{prefix}{}", dice.digits(length - prefix.len() - 1));
    let check = luhn_digit(&body);
    format!("{body}{check}")
}

fn iban(dice: &mut Dice) -> String {
    let country = dice.pick(&["IT", "IT", "IT", "DE", "FR", "ES", "GB", "NL", "SM", "AT", "CH", "PT", "BE"]);
    let body = match country {
        "IT" | "SM" => format!("{}{}{}", dice.letters(1, ALL), dice.digits(10), dice.digits(12)),
        "DE" => dice.digits(18),
        "FR" => dice.digits(23),
        "ES" => dice.digits(20),
        "GB" => format!("{}{}", dice.letters(4, ALL), dice.digits(14)),
        "NL" => format!("{}{}", dice.letters(4, ALL), dice.digits(10)),
        "AT" => dice.digits(16),
        "CH" => dice.digits(17),
        "PT" => dice.digits(21),
        _ => dice.digits(12),
    };
    let value = format!("{body}{country}00").bytes().fold(0_u32, |r, b| {
        if b.is_ascii_digit() {
            (r * 10 + u32::from(b - b'0')) % 97
        } else {
            (r * 100 + u32::from(b - b'A') + 10) % 97
        }
    });
    format!("{country}{:02}{body}", 98 - value)
}

fn fiscal_code(dice: &mut Dice) -> String {
    let day = 1 + dice.below(28) + if dice.chance(50) { 40 } else { 0 };
    let mut body = format!(
        "{}{}{}{:02}{}{}",
        dice.letters(6, CONSONANTS),
        dice.digits(2),
        dice.letters(1, "ABCDEHLMPRST"),
        day,
        dice.letters(1, "ABCDEFGHIL"),
        dice.digits(3)
    );
    if dice.chance(8) {
        let last = body.pop().unwrap();
        body.push("LMNPQRSTUV".chars().nth(last as usize - '0' as usize).unwrap());
    }
    let odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let sum: usize = body
        .bytes()
        .enumerate()
        .map(|(i, b)| {
            let v = if b.is_ascii_digit() { (b - b'0') as usize } else { (b - b'A') as usize };
            if i % 2 == 0 { odd[v] } else { v }
        })
        .sum();
    format!("{body}{}", char::from(b'A' + (sum % 26) as u8))
}

fn vat(dice: &mut Dice) -> String {
    let body = format!("{:07}{:03}", 1 + dice.below(9_999_998), 1 + dice.below(100));
    let check = luhn_digit(&body);
    format!("{body}{check}")
}

fn nif(dice: &mut Dice) -> String {
    let n = dice.below(100_000_000);
    format!("{n:08}{}", char::from(b"TRWAGMYFPDXBNJZSQVHLCKE"[n % 23]))
}

fn nie(dice: &mut Dice) -> String {
    let lead = dice.below(3);
    let n = dice.below(10_000_000);
    format!(
        "{}{n:07}{}",
        ["X", "Y", "Z"][lead],
        char::from(b"TRWAGMYFPDXBNJZSQVHLCKE"[(lead * 10_000_000 + n) % 23])
    )
}

fn nhs(dice: &mut Dice) -> String {
    loop {
        let body = dice.digits(9);
        let sum: usize = body.bytes().enumerate().map(|(i, b)| (b - b'0') as usize * (10 - i)).sum();
        let check = (11 - sum % 11) % 11;
        if check < 10 {
            return format!("{body}{check}");
        }
    }
}

fn name(dice: &mut Dice) -> (&'static str, &'static str) {
    (
        dice.pick(&[
            "mario",
            "giulia",
            "luca",
            "chiara",
            "marco",
            "elena",
            "john",
            "emma",
            "carlos",
            "lucie",
            "hans",
            "sara",
            "paolo",
            "francesca",
        ]),
        dice.pick(&[
            "rossi", "bianchi", "ferrari", "esposito", "smith", "brown", "garcia", "dupont", "muller",
            "conti", "deluca", "greco", "moretti",
        ]),
    )
}

fn email(dice: &mut Dice) -> String {
    let (first, last) = name(dice);
    let number = if dice.chance(40) { format!("{}", 1 + dice.below(99)) } else { String::new() };
    let sign = dice.pick(&[".", ".", "_", "", "-"]);
    let domain = dice.pick(&[
        "gmail.com",
        "gmail.com",
        "libero.it",
        "hotmail.it",
        "outlook.com",
        "yahoo.co.uk",
        "studio-verdi.it",
        "icloud.com",
        "gmx.de",
        "orange.fr",
        "pec.it",
        "mail.azienda.eu",
    ]);
    format!("{first}{sign}{last}{number}@{domain}")
}

fn phone(dice: &mut Dice, lang: &str) -> String {
    match lang {
        "en" => format!("07{}{}", 1 + dice.below(9), dice.digits(8)),
        "es" => format!("6{}", dice.digits(8)),
        "fr" => format!("06{}", dice.digits(8)),
        "de" => format!("015{}{}", 1 + dice.below(9), dice.digits(8)),
        _ => format!("3{}{}{}", [2, 3, 4, 6, 7, 8, 9][dice.below(7)], dice.below(10), dice.digits(7)),
    }
}

fn grouped(value: &str, sizes: &[usize], sign: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    for (i, size) in sizes.iter().cycle().enumerate() {
        if rest.is_empty() {
            break;
        }
        if i > 0 {
            out.push_str(sign);
        }
        let (head, tail) = rest.split_at((*size).min(rest.len()));
        out.push_str(head);
        rest = tail;
    }
    out
}

fn full_width(value: &str) -> String {
    value
        .chars()
        .map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xFEE0).unwrap() } else { c })
        .collect()
}

fn between(value: &str, sign: &str) -> String {
    let mut out = String::new();
    for (i, c) in value.chars().enumerate() {
        if i > 0 {
            out.push_str(sign);
        }
        out.push(c);
    }
    out
}

fn arabic(value: &str) -> String {
    value.chars().map(|c| c.to_digit(10).map_or(c, |d| char::from_u32(0x660 + d).unwrap())).collect()
}

fn confusable(value: &str) -> String {
    value
        .chars()
        .map(|c| match c {
            'A' => 'А',
            'C' => 'С',
            'E' => 'Е',
            'M' => 'М',
            'P' => 'Р',
            'T' => 'Т',
            'a' => 'а',
            'e' => 'е',
            'o' => 'о',
            'c' => 'с',
            _ => c,
        })
        .collect()
}

fn disguised(dice: &mut Dice, value: &str) -> String {
    match dice.below(5) {
        0 => full_width(value),
        1 => between(value, "\u{200B}"),
        2 => between(value, "\u{2060}"),
        3 if value.chars().all(|c| c.is_ascii_digit()) => arabic(value),
        3 => confusable(value),
        _ => {
            let at = 1 + dice.below(value.len() - 1);
            format!("{}\u{AD}{}", &value[..at], &value[at..])
        }
    }
}

fn spelled_email(dice: &mut Dice, lang: &str) -> String {
    let (first, last) = name(dice);
    let (at, dot) = match lang {
        "it" => ("chiocciola", "punto"),
        "es" => ("arroba", "punto"),
        "fr" => ("arobase", "point"),
        "de" => ("at", "punkt"),
        _ => ("at", "dot"),
    };
    let (host, end) =
        dice.pick(&[&("gmail", "com"), &("libero", "it"), &("hotmail", "com"), &("outlook", "it")][..]);
    match dice.below(3) {
        0 => format!("{first} {dot} {last} {at} {host} {dot} {end}"),
        1 => format!("{first}.{last} ({at}) {host} {dot} {end}"),
        _ => format!("{first}{last} [{at}] {host} [{dot}] {end}"),
    }
}

fn spelled_number(value: &str, lang: &str) -> String {
    let words: [&str; 10] = match lang {
        "en" => ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        _ => ["zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove"],
    };
    value.bytes().map(|b| words[(b - b'0') as usize]).collect::<Vec<_>>().join(" ")
}

/// How a value is written.
const STYLES: &[(&str, usize)] =
    &[("plain", 46), ("separators", 16), ("line", 7), ("disguised", 13), ("spelled", 9), ("glued", 9)];

fn write_value(dice: &mut Dice, kind: &str, style: &str, lang: &str) -> Option<String> {
    let raw = match kind {
        "card" => card(dice),
        "iban" => iban(dice),
        "email" => email(dice),
        "phone" => phone(dice, lang),
        "it_fiscal_code" => fiscal_code(dice),
        "it_vat" => vat(dice),
        "es_nif" => nif(dice),
        "es_nie" => nie(dice),
        "uk_nhs" => nhs(dice),
        "uk_nino" => format!(
            "{}{}{}{}",
            dice.letters(1, "ABCEHJLMPRSTWXY"),
            dice.letters(1, "ABCEHJLMPRSTWXYZ"),
            dice.digits(6),
            dice.letters(1, "ABCD")
        ),
        "us_ssn" => format!("{}-{}-{}", 101 + dice.below(500), 11 + dice.below(88), 1000 + dice.below(8999)),
        "it_plate" => {
            format!("{}{}{}", dice.letters(2, "ABCDEFGHJK"), dice.digits(3), dice.letters(2, "ABCDEFGHJK"))
        }
        "it_identity_card" => format!("CA{}{}", dice.digits(5), dice.letters(2, CONSONANTS)),
        "it_passport" => format!("YA{}", dice.digits(7)),
        "it_driving_licence" => format!("U1{}{}", dice.digits(7), dice.letters(1, CONSONANTS)),
        "ip" => format!(
            "{}.{}.{}.{}",
            11 + dice.below(200),
            dice.below(255),
            dice.below(255),
            1 + dice.below(254)
        ),
        "mac" => (0..6).map(|_| format!("{:02X}", dice.below(256))).collect::<Vec<_>>().join(":"),
        _ => format!(
            "{}{}{}",
            dice.pick(&["Pippo", "Estate", "juventus", "Sunny", "rosso"]),
            dice.digits(3),
            dice.pick(&["!", "", "$", "_x"])
        ),
    };
    Some(match style {
        "plain" => match kind {
            "card" if dice.chance(50) => grouped(&raw, if raw.len() == 15 { &[4, 6, 5] } else { &[4] }, " "),
            "iban" if dice.chance(40) => grouped(&raw, &[4], " "),
            "iban" | "it_fiscal_code" if dice.chance(30) => raw.to_lowercase(),
            "phone" if dice.chance(30) => format!(
                "{} {}",
                match lang {
                    "en" => "+44",
                    "es" => "+34",
                    "fr" => "+33",
                    "de" => "+49",
                    _ => "+39",
                },
                if lang == "it" || lang == "es" { &raw[..] } else { &raw[1..] }
            ),
            _ => raw,
        },
        "separators" => match kind {
            "card" => grouped(&raw, &[4], dice.pick(&["-", ".", "  ", "/", " - "])),
            "iban" => grouped(&raw, &[4], dice.pick(&["-", ".", "  "])),
            "phone" => {
                let sizes: &[usize] = dice.pick(&[&[3, 3, 4][..], &[3, 7], &[3, 2, 2, 3], &[2, 2, 2, 2, 2]]);
                grouped(&raw, sizes, dice.pick(&[" ", "-", ".", "/"]))
            }
            "it_fiscal_code" => grouped(&raw, &[3, 3, 5, 5], dice.pick(&[" ", "-"])),
            "uk_nhs" => grouped(&raw, &[3, 3, 4], " "),
            "uk_nino" => grouped(&raw, &[2], " "),
            "it_plate" => grouped(&raw, &[2, 3, 2], " "),
            "es_nif" => grouped(&raw, &[8, 1], "-"),
            _ => return None,
        },
        "line" => match kind {
            "card" => {
                let g = grouped(&raw, &[4], " ");
                let at = g.match_indices(' ').nth(1).unwrap().0;
                format!("{}\n{}", &g[..at], &g[at + 1..])
            }
            "iban" | "it_fiscal_code" => {
                let at = 4 + dice.below(8);
                format!("{}\n{}", &raw[..at], &raw[at..])
            }
            "phone" => {
                let at = 3 + dice.below(3);
                format!("{}\n{}", &raw[..at], &raw[at..])
            }
            _ => return None,
        },
        "disguised" => match kind {
            "secret" | "ip" | "mac" | "us_ssn" => return None,
            "card" | "phone" if dice.chance(25) => between(&raw, dice.pick(&[" ", ".", "-"])),
            _ => disguised(dice, &raw),
        },
        "spelled" => match kind {
            "email" => spelled_email(dice, lang),
            "phone" | "card" if lang == "it" || lang == "en" => spelled_number(&raw, lang),
            _ => return None,
        },
        _ => raw,
    })
}

struct Tongue {
    tag: &'static str,
    /// Kind, sentences with `{}`.
    telling: &'static [(&'static str, &'static [&'static str])],
    /// Sentences that say nothing about the value.
    silent: &'static [&'static str],
    /// Sentences with look-alikes: `#` a digit, `?` a capital, `~` a phone.
    clean: &'static [&'static str],
}

static TONGUES: &[Tongue] = &[
    Tongue {
        tag: "it",
        telling: &[
            (
                "card",
                &[
                    "ho pagato con la carta {} ma non risulta",
                    "mi hanno addebitato due volte sulla {} !!",
                    "numero carta: {}",
                    "la mia visa è {}, perché viene rifiutata?",
                ],
            ),
            (
                "iban",
                &[
                    "potete fare il rimborso su {} ?",
                    "il mio iban è {} grazie",
                    "IBAN {} intestato a mia moglie",
                    "bonificate qui: {}",
                ],
            ),
            (
                "email",
                &[
                    "scrivetemi a {} per favore",
                    "la mia mail è {}",
                    "account registrato con {} e non riesco ad entrare",
                    "Rispondete a {}, non su facebook",
                ],
            ),
            (
                "phone",
                &[
                    "chiamatemi al {} dopo le 18",
                    "il mio numero è {}",
                    "cell {} grazie",
                    "potete contattarmi al {} ?",
                    "aspetto una telefonata: {}",
                    "tel. {} , chiedere di Marco",
                ],
            ),
            (
                "it_fiscal_code",
                &[
                    "codice fiscale {}",
                    "il mio CF è {} e risulta errato",
                    "cf: {} , attendo notizie",
                    "intestate la fattura a {}",
                ],
            ),
            ("it_vat", &["p.iva {} per la fattura", "partita iva: {}", "siamo un'azienda, P.IVA {}"]),
            ("it_plate", &["la targa è {}", "auto targata {} multa ingiusta", "targa {} telepass non legge"]),
            ("it_identity_card", &["carta d'identità {}", "documento n. {} scaduto"]),
            ("it_passport", &["passaporto {} smarrito in aeroporto", "il numero del passaporto è {}"]),
            ("it_driving_licence", &["patente {} per il noleggio", "la mia patente è la {}"]),
            ("ip", &["il mio indirizzo ip è {} e non navigo", "dal router vedo {} come ip"]),
            ("mac", &["il mac del modem è {}", "mac address {}"]),
            ("secret", &["la password è {} ma non entra", "password: {}", "pwd {} non funziona"]),
        ],
        silent: &[
            "buongiorno, {}",
            "{} grazie mille",
            "allora {} fatemi sapere",
            "ecco {} come richiesto",
            "{}",
            "vi lascio {} così mi rispondete",
        ],
        clean: &[
            "ordine {n10} mai arrivato",
            "il mio ordine n. ~ non è ancora partito",
            "numero d'ordine: ~",
            "ho l'ordine ~ fermo da giorni",
            "tracking ~ bloccato a Bologna",
            "codice spedizione {n12}",
            "pratica {n8} ancora aperta",
            "ticket #{n6} chiuso senza risposta",
            "pagato 1.234,56 euro il 12/05/2026",
            "volo AZ{n4} del 3/11 cancellato",
            "EAN 80{n11}",
            "codice articolo {n8}",
            "fattura 2026/{n6} sbagliata",
            "sono in attesa da 45 minuti!!",
            "il treno delle 18:45 è in ritardo di 120 minuti",
            "grazie mille per l'assistenza, gentilissimi",
            "il pacco doveva arrivare ieri tra le 9:00 e le 13:00",
            "chiamo l'800 123 456 e nessuno risponde",
            "versione 5.12.0.3 dell'app non funziona",
            "ho comprato 3 maglie taglia 42 a 29,90€",
            "prenotazione {n9} per il 24/12",
            "uuid 3f2504e0-4f89-41d3-9a0c-0305e82c3301",
            "ho 1500 punti sulla tessera",
            "bolletta n. {n10} importo 87,20",
            "scrivo a @assistenza da una settimana",
            "spedizione ~ ferma in dogana",
            "reso ~ non rimborsato",
            "imei 35{n13} bloccato",
            "perché la password non funziona? ho già provato a cambiarla",
            "numero cliente {n9}",
            "modello SM-G{n3}F garanzia 24 mesi",
            "contratto ~ mai attivato",
        ],
    },
    Tongue {
        tag: "en",
        telling: &[
            ("card", &["I was charged twice on {}", "card number {}", "my visa {} got declined"]),
            ("iban", &["please refund to {}", "my IBAN is {}"]),
            ("email", &["email me at {}", "my account email is {}", "reach me on {} please"]),
            ("phone", &["call me on {}", "my number is {}", "text {} when it ships", "mobile: {}"]),
            ("uk_nino", &["national insurance number {}", "my NI number is {}"]),
            ("uk_nhs", &["NHS number {}", "my nhs no is {}"]),
            ("us_ssn", &["my SSN is {}", "social security {}"]),
            ("ip", &["my ip is {}", "requests from {} get blocked"]),
            ("mac", &["router mac {}"]),
            ("secret", &["my password is {} please check", "password: {}"]),
        ],
        silent: &["hi, {}", "{} thanks", "here you go {}", "{}", "it's {} as requested"],
        clean: &[
            "order ~ still missing",
            "order number ~",
            "my order no. ~ has not shipped",
            "tracking {n12} stuck",
            "parcel ~ lost",
            "booking ref {n8}",
            "ticket #{n7} closed",
            "paid £45.99 on 12/05/2026",
            "flight BA{n4} delayed 3 hours",
            "invoice {n8} is wrong",
            "on hold for 50 minutes!!",
            "thanks for nothing",
            "we met at booking.com offices",
            "version 10.2.0.1 crashes",
            "case {n9} opened last week",
            "I forgot my password again",
            "item {n10} out of stock",
            "EAN 50{n11}",
            "over 2,500,000 followers and no reply",
            "delivery between 08:00 and 12:00",
        ],
    },
    Tongue {
        tag: "es",
        telling: &[
            ("card", &["mi tarjeta es {}", "me cobraron dos veces en la tarjeta {}"]),
            ("iban", &["mi iban es {}", "devolved el dinero a {}"]),
            ("email", &["mi correo es {}", "escribidme a {}"]),
            ("phone", &["llámame al {}", "mi teléfono es {}", "mi móvil {}"]),
            ("es_nif", &["mi DNI es {}", "NIF {}"]),
            ("es_nie", &["NIE {}", "mi nie es {}"]),
        ],
        silent: &["hola, {}", "{} gracias", "aquí tenéis {}"],
        clean: &[
            "pedido ~ perdido",
            "el pedido número ~ no llega",
            "envío {n10} parado",
            "factura {n8} incorrecta",
            "pagué 45,99 euros el 12/05/2026",
            "vuelo IB{n4} cancelado",
            "seguimiento {n12}",
            "llevo esperando 3 semanas",
            "reserva ~ sin confirmar",
        ],
    },
    Tongue {
        tag: "fr",
        telling: &[
            ("card", &["ma carte est {}", "carte bancaire {}"]),
            ("iban", &["mon iban : {}", "remboursez sur {}"]),
            ("email", &["mon mail est {}", "écrivez-moi à {}"]),
            ("phone", &["appelez-moi au {}", "mon portable : {}", "mon numéro est le {}"]),
        ],
        silent: &["bonjour, {}", "{} merci", "voici {}"],
        clean: &[
            "commande ~ jamais reçue",
            "ma commande n° ~ est bloquée",
            "colis {n11} perdu",
            "facture {n8} erronée",
            "payé 45,99 € le 12/05/2026",
            "vol AF{n4} annulé",
            "dossier {n9} toujours ouvert",
            "j'attends depuis 3 semaines",
            "réservation ~ annulée",
        ],
    },
    Tongue {
        tag: "de",
        telling: &[
            ("card", &["meine Kreditkarte {}", "Karte {} wurde belastet"]),
            ("iban", &["meine IBAN ist {}", "bitte auf {} überweisen"]),
            ("email", &["meine Mail ist {}", "schreiben Sie an {}"]),
            ("phone", &["rufen Sie mich an: {}", "meine Nummer ist {}", "Handy {}"]),
        ],
        silent: &["hallo, {}", "{} danke", "hier {}"],
        clean: &[
            "Bestellung ~ fehlt",
            "meine Bestellnummer ist ~",
            "Sendungsnummer {n12}",
            "Rechnung {n8} falsch",
            "45,99 Euro am 12.05.2026 bezahlt",
            "Flug LH{n4} verspätet",
            "Vorgang {n9} offen",
            "ich warte seit 3 Wochen",
            "Auftrag ~ storniert",
        ],
    },
];

fn choose_style(dice: &mut Dice) -> &'static str {
    let mut at = dice.below(100);
    for (style, share) in STYLES {
        if at < *share {
            return style;
        }
        at -= share;
    }
    "plain"
}

fn tongue(dice: &mut Dice) -> &'static Tongue {
    &TONGUES[match dice.below(100) {
        0..60 => 0,
        60..85 => 1,
        85..90 => 2,
        90..95 => 3,
        _ => 4,
    }]
}

struct Message {
    lang: &'static str,
    style: &'static str,
    text: String,
    spans: Vec<(usize, usize, &'static str)>,
}

fn clean(dice: &mut Dice) -> Message {
    let tongue = tongue(dice);
    let template = dice.pick(tongue.clean);
    let phone = phone(dice, tongue.tag);
    let mut text = template.replace('~', &phone);
    while let Some(at) = text.find("{n") {
        let close = at + text[at..].find('}').unwrap();
        let count: usize = text[at + 2..close].parse().unwrap();
        let digits = format!("{}{}", 1 + dice.below(2), dice.digits(count - 1));
        text.replace_range(at..=close, &digits);
    }
    let style = if template.contains('~') { "order" } else { "clean" };
    Message { lang: tongue.tag, style, text, spans: Vec::new() }
}

fn telling(dice: &mut Dice) -> Message {
    loop {
        let tongue = tongue(dice);
        let (kind, sentences) = tongue.telling[dice.below(tongue.telling.len())];
        let style = choose_style(dice);
        let Some(value) = write_value(dice, kind, style, tongue.tag) else { continue };
        let strong =
            matches!(kind, "card" | "iban" | "email" | "it_fiscal_code" | "phone" | "es_nie" | "es_nif");
        let sentence =
            if strong && dice.chance(30) { dice.pick(tongue.silent) } else { dice.pick(sentences) };
        let (before, after) = sentence.split_once("{}").unwrap();
        let glued = style == "glued";
        if glued && !matches!(kind, "card" | "iban" | "phone" | "email" | "it_fiscal_code") {
            continue;
        }
        let (before, after) = if glued {
            (
                dice.pick(&["tel:", "(", "->", "n.", "\"", "=", "dati:"]),
                dice.pick(&[")", ",", ".", "!!", "\"", ";grazie", "…"]),
            )
        } else {
            (before, after)
        };
        let text = format!("{before}{value}{after}");
        let spans = vec![(before.len(), before.len() + value.len(), kind)];
        return Message { lang: tongue.tag, style, text, spans };
    }
}

fn double(dice: &mut Dice) -> Message {
    let mut first = telling(dice);
    let second = telling(dice);
    let shift = first.text.len() + 2;
    first.text = format!("{}; {}", first.text, second.text);
    first.spans.extend(second.spans.iter().map(|(s, e, k)| (s + shift, e + shift, *k)));
    if second.style != "plain" && first.style == "plain" {
        first.style = second.style;
    }
    first
}

fn generate(seed: u64, messages: usize) -> String {
    let mut dice = Dice::new(seed);
    let mut out =
        String::from("# id, language, style, text, spans in bytes; written by tests/suite/pii_data.rs\n");
    for id in 0..messages {
        let message = match dice.below(100) {
            0..40 => clean(&mut dice),
            40..92 => telling(&mut dice),
            _ => double(&mut dice),
        };
        let text = serde_json::to_string(&message.text).unwrap();
        let spans: Vec<String> = message
            .spans
            .iter()
            .map(|(s, e, k)| format!(r#"{{"start":{s},"end":{e},"kind":"{k}"}}"#))
            .collect();
        writeln!(
            out,
            r#"{{"id":{id},"lang":"{}","style":"{}","text":{text},"spans":[{}]}}"#,
            message.lang,
            message.style,
            spans.join(",")
        )
        .unwrap();
    }
    out
}
