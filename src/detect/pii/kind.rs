//! The kinds of personal data, by name.

use std::collections::BTreeMap;
use std::fmt;

use once_cell::sync::Lazy;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::kinds::Kinds;
use crate::model::Word;

/// Every kind as a word that is shared.
static WORDS: Lazy<BTreeMap<PiiKind, Word>> = Lazy::new(|| {
    let word = |kind: &PiiKind| (*kind, Word::from_static(kind.as_str()));
    PiiKind::ALL.iter().map(word).collect()
});

/// Declares the kinds; the order is the order of [`PiiKind::ALL`].
macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal / $label:literal,)*) => {
        /// A kind of personal data; `docs` of [the module](super) say how each is recognised.
        ///
        /// ```
        /// use galateo::detect::pii::PiiKind;
        /// assert_eq!(PiiKind::from_word("it_fiscal_code"), Some(PiiKind::ItFiscalCode));
        /// assert_eq!(PiiKind::Card.label(), "CARD");
        /// ```
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum PiiKind {
            $($(#[$doc])* $variant,)*
        }

        impl PiiKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word used in documents and on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The word in the label that stands for a hidden value, such as `CARD` in `[CARD_1]`.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }

            /// Reads a word; `None` where no kind has that name.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

kinds! {
    /// Australian Business Number.
    AuAbn = "au_abn" / "ABN",
    /// Australian Company Number.
    AuAcn = "au_acn" / "ACN",
    /// Australian Medicare card.
    AuMedicare = "au_medicare" / "HEALTH_ID",
    /// Australian tax file number.
    AuTfn = "au_tfn" / "TAX_ID",
    /// Birth date; soft.
    BirthDate = "birth_date" / "BIRTH_DATE",
    /// Brazilian taxpayer number (CPF).
    BrCpf = "br_cpf" / "TAX_ID",
    /// Canadian social insurance number.
    CaSin = "ca_sin" / "SOCIAL_ID",
    /// Number of a payment card.
    Card = "card" / "CARD",
    /// Expiry of a payment card, beside its number.
    CardExpiry = "card_expiry" / "CARD_EXPIRY",
    /// Security code of a payment card.
    CardSecurityCode = "card_security_code" / "CARD_CODE",
    /// Swiss social insurance number (AHV).
    ChAhv = "ch_ahv" / "SOCIAL_ID",
    /// Address of a crypto wallet.
    CryptoWallet = "crypto_wallet" / "WALLET",
    /// German driving licence, behind a word that says so.
    DeDrivingLicence = "de_driving_licence" / "LICENCE",
    /// German identity card.
    DeIdentityCard = "de_identity_card" / "ID_CARD",
    /// German passport.
    DePassport = "de_passport" / "PASSPORT",
    /// German number plate, behind a word that says so.
    DePlate = "de_plate" / "PLATE",
    /// German pension insurance number.
    DeSocialSecurity = "de_social_security" / "SOCIAL_ID",
    /// German tax identification number.
    DeTaxId = "de_tax_id" / "TAX_ID",
    /// German VAT number.
    DeVat = "de_vat" / "VAT",
    /// Electronic mail address.
    Email = "email" / "EMAIL",
    /// Spanish company tax number (CIF).
    EsCif = "es_cif" / "TAX_ID",
    /// Spanish foreigner number (NIE).
    EsNie = "es_nie" / "TAX_ID",
    /// Spanish tax and identity number (DNI/NIF).
    EsNif = "es_nif" / "TAX_ID",
    /// Spanish passport.
    EsPassport = "es_passport" / "PASSPORT",
    /// Spanish number plate, behind a word that says so.
    EsPlate = "es_plate" / "PLATE",
    /// Finnish personal identity code.
    FiHetu = "fi_hetu" / "SOCIAL_ID",
    /// French identity card.
    FrIdentityCard = "fr_identity_card" / "ID_CARD",
    /// French social security number (NIR).
    FrNir = "fr_nir" / "SOCIAL_ID",
    /// French passport.
    FrPassport = "fr_passport" / "PASSPORT",
    /// International bank account number.
    Iban = "iban" / "IBAN",
    /// Indian Aadhaar number.
    InAadhaar = "in_aadhaar" / "SOCIAL_ID",
    /// Indian permanent account number.
    InPan = "in_pan" / "TAX_ID",
    /// Indian passport.
    InPassport = "in_passport" / "PASSPORT",
    /// Indian vehicle registration.
    InVehicle = "in_vehicle" / "PLATE",
    /// Indian voter card.
    InVoter = "in_voter" / "ID_CARD",
    /// Address of the internet protocol, version 4 or 6.
    Ip = "ip" / "IP",
    /// Italian driving licence.
    ItDrivingLicence = "it_driving_licence" / "LICENCE",
    /// Italian fiscal code.
    ItFiscalCode = "it_fiscal_code" / "FISCAL_CODE",
    /// Italian identity card, paper or electronic.
    ItIdentityCard = "it_identity_card" / "ID_CARD",
    /// Italian passport.
    ItPassport = "it_passport" / "PASSPORT",
    /// Italian number plate.
    ItPlate = "it_plate" / "PLATE",
    /// Italian VAT number.
    ItVat = "it_vat" / "VAT",
    /// Korean resident registration number.
    KrRrn = "kr_rrn" / "SOCIAL_ID",
    /// Hardware address of a network card.
    Mac = "mac" / "MAC",
    /// Dutch citizen service number.
    NlBsn = "nl_bsn" / "SOCIAL_ID",
    /// Polish PESEL.
    PlPesel = "pl_pesel" / "SOCIAL_ID",
    /// A name that the host said it knows; soft.
    Person = "person" / "PERSON",
    /// Telephone number of a person.
    Phone = "phone" / "PHONE",
    /// Postal address; soft.
    PostalAddress = "postal_address" / "ADDRESS",
    /// Swedish personal identity number.
    SePersonnummer = "se_personnummer" / "SOCIAL_ID",
    /// Password, one-time code, PIN or key.
    Secret = "secret" / "SECRET",
    /// Singaporean NRIC or FIN.
    SgNric = "sg_nric" / "ID_CARD",
    /// Code that a tenant's own pattern describes; soft.
    TenantCode = "tenant_code" / "CODE",
    /// Thai national identity number.
    ThTnin = "th_tnin" / "ID_CARD",
    /// Turkish identity number.
    TrTckn = "tr_tckn" / "SOCIAL_ID",
    /// British driving licence.
    UkDrivingLicence = "uk_driving_licence" / "LICENCE",
    /// British National Health Service number.
    UkNhs = "uk_nhs" / "HEALTH_ID",
    /// British national insurance number.
    UkNino = "uk_nino" / "SOCIAL_ID",
    /// British passport.
    UkPassport = "uk_passport" / "PASSPORT",
    /// British number plate, behind a word that says so.
    UkPlate = "uk_plate" / "PLATE",
    /// British sort code, behind a word that says so.
    UkSortCode = "uk_sort_code" / "BANK_ROUTING",
    /// Locator that carries a user and a password.
    UrlCredentials = "url_credentials" / "URL_CREDENTIALS",
    /// American bank routing number (ABA).
    UsAba = "us_aba" / "BANK_ROUTING",
    /// American bank account.
    UsBankAccount = "us_bank_account" / "BANK_ACCOUNT",
    /// American driving licence.
    UsDrivingLicence = "us_driving_licence" / "LICENCE",
    /// American individual taxpayer number.
    UsItin = "us_itin" / "TAX_ID",
    /// American Medicare beneficiary identifier.
    UsMbi = "us_mbi" / "HEALTH_ID",
    /// American passport.
    UsPassport = "us_passport" / "PASSPORT",
    /// American number plate, behind a word that says so.
    UsPlate = "us_plate" / "PLATE",
    /// American social security number.
    UsSsn = "us_ssn" / "SOCIAL_ID",
    /// South African identity number.
    ZaId = "za_id" / "ID_CARD",
}

impl PiiKind {
    /// Whether the kind is off unless asked for: birth dates, postal addresses, known names, tenants' codes.
    #[must_use]
    pub const fn is_soft(self) -> bool {
        matches!(self, Self::BirthDate | Self::Person | Self::PostalAddress | Self::TenantCode)
    }

    /// Its name as a word, shared by all who ask.
    pub(crate) fn word(self) -> Word {
        WORDS.get(&self).cloned().unwrap_or_else(|| Word::from_static(self.as_str()))
    }
}

impl fmt::Debug for PiiKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for PiiKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for PiiKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for PiiKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::from_word(&word).ok_or_else(|| de::Error::custom("not a kind of personal data"))
    }
}

/// A set of kinds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct KindSet(u128);

impl KindSet {
    /// The kinds that are on unless the host says otherwise.
    pub(super) fn usual() -> Self {
        PiiKind::ALL.iter().filter(|kind| !kind.is_soft()).fold(Self(0), |set, kind| set.with(*kind))
    }

    /// The same, and those that say who a person is.
    pub(super) fn outbound() -> Self {
        Self::usual().with(PiiKind::BirthDate).with(PiiKind::Person).with(PiiKind::PostalAddress)
    }

    pub(super) const fn with(self, kind: PiiKind) -> Self {
        Self(self.0 | bit(kind))
    }

    pub(super) const fn without(self, kind: PiiKind) -> Self {
        Self(self.0 & !bit(kind))
    }

    #[inline]
    pub(super) const fn has(self, kind: PiiKind) -> bool {
        self.0 & bit(kind) != 0
    }
}

impl fmt::Debug for KindSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(PiiKind::ALL.iter().filter(|kind| self.has(**kind))).finish()
    }
}

#[expect(
    clippy::as_conversions,
    reason = "the discriminant of a field-less enum with fewer than 128 variants"
)]
const fn bit(kind: PiiKind) -> u128 {
    1_u128.wrapping_shl(kind as u32)
}

/// The least confidence for each kind; none is enough for one that is off.
#[derive(Clone)]
pub(super) struct Floors {
    floors: [u8; FLOORS],
    /// Whether one lies below the usual one, so that kinds count that need a label else.
    pub(super) any_low: bool,
    /// The kinds of the table that may count without a word that names them.
    pub(super) unnamed: Kinds,
}

/// Room for every kind.
const FLOORS: usize = 128;

impl Floors {
    /// The kinds that are on, with the usual least confidence and those of single kinds, the last one first.
    pub(super) fn new(kinds: KindSet, usual: u8, own: &[(PiiKind, u8)], low: u8) -> Self {
        let mut floors = [u8::MAX; FLOORS];
        for kind in PiiKind::ALL.iter().filter(|kind| kinds.has(**kind)) {
            if let Some(floor) = floors.get_mut(place(*kind)) {
                *floor = own.iter().rev().find(|(k, _)| k == kind).map_or(usual, |(_, percent)| *percent);
            }
        }
        let any_low = floors.iter().any(|floor| *floor < low);
        let mut all = Self { floors, any_low, unnamed: Kinds::NONE };
        all.unnamed = Kinds::unnamed(|kind| all.of(kind));
        all
    }

    #[inline]
    pub(super) fn of(&self, kind: PiiKind) -> u8 {
        self.floors.get(place(kind)).copied().unwrap_or(u8::MAX)
    }

    #[inline]
    pub(super) fn is_on(&self, kind: PiiKind) -> bool {
        self.of(kind) < u8::MAX
    }
}

impl fmt::Debug for Floors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(PiiKind::ALL.iter().filter(|kind| self.is_on(**kind))).finish()
    }
}

#[inline]
#[expect(
    clippy::as_conversions,
    reason = "the discriminant of a field-less enum with fewer than 128 variants"
)]
const fn place(kind: PiiKind) -> usize {
    kind as usize
}
