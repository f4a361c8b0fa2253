//! What a word near a number says about it.

use std::ops::{BitAnd, BitOr};

/// A set of topics, each one bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Topics(pub(super) u64);

impl BitOr for Topics {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Topics {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Topics {
    pub(super) const NONE: Self = Self(0);

    #[inline]
    pub(super) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    #[inline]
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The place of the first of them.
    #[inline]
    pub(super) const fn first(self) -> usize {
        crate::num::wide(self.0.trailing_zeros())
    }

    /// All but the first.
    #[inline]
    pub(super) const fn without_first(self) -> Self {
        Self(self.0 & self.0.wrapping_sub(1))
    }

    #[inline]
    pub(super) const fn is_none(self) -> bool {
        self.0 == 0
    }
}

macro_rules! topics {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// The position of each topic in a set.
        #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "only a counter for the constants below")]
        enum Place { $($name,)* }
        impl Topics {
            $($(#[$doc])* pub(super) const $name: Self = Self(1_u64.wrapping_shl(Place::$name as u32));)*

            /// The topic that a word of the data file names.
            pub(super) fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$name),)* _ => None }
            }
        }
    };
}

topics! {
    ADDRESS = "address",
    BANK = "bank",
    BIRTH = "birth",
    CARD = "card",
    CODE = "code",
    CRYPTO = "crypto",
    CVV = "cvv",
    EMAIL = "email",
    EXPIRY = "expiry",
    /// Words that say nothing and take no room: articles, copulas, "number", "code".
    FILLER = "filler",
    HEALTH = "health",
    IBAN = "iban",
    ID_CARD = "id_card",
    IP = "ip",
    LICENCE = "licence",
    MAC = "mac",
    NIF = "nif",
    PASSPORT = "passport",
    PHONE = "phone",
    PLATE = "plate",
    SECRET = "secret",
    SOCIAL = "social",
    TAX = "tax",
    VAT = "vat",
    /// Orders, parcels, tickets, invoices, customer and serial numbers.
    ORDER = "order",
    /// The person that an order is of: a label right before it speaks of what is theirs.
    CUSTOMER = "customer",
    PRICE = "price",
    COUNT = "count",
    DATE = "date",
    VERSION = "version",
    /// Call centres and other numbers that belong to no person.
    SERVICE = "service",
    /// A word that stands for `@`.
    AT = "at",
    /// A word that stands for `.`.
    DOT = "dot",
    /// A word that stands for `_`, `-` or `+`.
    JOINT = "joint",
    /// A word that is a number or a part of one.
    NUMERAL = "numeral",
    /// A copula: what follows a label and comes before the value.
    IS = "is",
    /// "Code": what a word beside it says which.
    CODE_NOUN = "code_noun",
    /// What makes a code beside it a secret: "sms", "access".
    QUALIFIER = "qualifier",
    /// How a code came: "received", "sent"; what it is not said to be then, a secret, it is all the same.
    RECEIVED = "received",
    /// What has a number of its own: errors, shops, rooms, tills.
    NUMBERED = "numbered",
    /// What can follow a label without being the value.
    NOT_A_SECRET = "not_a_secret",
    AUSTRALIA = "australia",
    AMERICA = "america",
    BRITAIN = "britain",
    INDIA = "india",
    ITALY = "italy",
    NETHERLANDS = "netherlands",
    /// A word that leads to a postal address.
    STREET = "street",
    /// The word that names a number plate, and no car.
    NUMBER_PLATE = "number_plate",
    /// The same in English, where plates of American states are named so.
    US_PLATE = "us_plate",
    /// What names the number of one country's system, so that a wrong check digit makes it no other country's.
    BRAZIL = "brazil",
    INSURANCE = "insurance",
    NORDIC = "nordic",
    KOREA = "korea",
    NHS = "nhs",
    POLAND = "poland",
    ROUTING = "routing",
    SINGAPORE = "singapore",
    TURKEY = "turkey",
    US_TAX = "us_tax",
}

impl Topics {
    /// Words that the scan acts upon where it meets them.
    pub(super) const TRIGGERS: Self = Self::SECRET
        .and(Self::CODE)
        .and(Self::CVV)
        .and(Self::AT)
        .and(Self::NUMERAL)
        .and(Self::QUALIFIER)
        .and(Self::CODE_NOUN);
    /// What says that a number is no personal datum.
    pub(super) const CONTRARY: Self =
        Self::ORDER.and(Self::PRICE).and(Self::COUNT).and(Self::DATE).and(Self::VERSION).and(Self::SERVICE);
    /// What names the system of one country.
    pub(super) const SYSTEMS: Self = Self::AUSTRALIA
        .and(Self::BRAZIL)
        .and(Self::INSURANCE)
        .and(Self::NETHERLANDS)
        .and(Self::NORDIC)
        .and(Self::KOREA)
        .and(Self::NHS)
        .and(Self::POLAND)
        .and(Self::ROUTING)
        .and(Self::SINGAPORE)
        .and(Self::TURKEY)
        .and(Self::US_TAX);
    /// What a number can be.
    pub(super) const LABELS: Self = Self::BANK
        .and(Self::CARD)
        .and(Self::CODE)
        .and(Self::CRYPTO)
        .and(Self::CVV)
        .and(Self::EMAIL)
        .and(Self::HEALTH)
        .and(Self::IBAN)
        .and(Self::ID_CARD)
        .and(Self::IP)
        .and(Self::LICENCE)
        .and(Self::MAC)
        .and(Self::SYSTEMS)
        .and(Self::NIF)
        .and(Self::NUMBER_PLATE)
        .and(Self::US_PLATE)
        .and(Self::PASSPORT)
        .and(Self::PHONE)
        .and(Self::PLATE)
        .and(Self::SECRET)
        .and(Self::SOCIAL)
        .and(Self::TAX)
        .and(Self::VAT);
}
