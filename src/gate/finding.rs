//! What is wrong with a draft: codes, severities, repairs.

use std::sync::Arc;

use serde::Serialize;

use crate::model::{Language, RuleId, Visibility};
use crate::text::Span;

/// How bad a finding is; the worst one decides on the draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the three severities are the three verdicts below `cleared`")]
pub enum Severity {
    /// The author should know; the draft may be sent.
    Warn,
    /// Somebody else must approve.
    Hold,
    /// It must not be sent like this.
    Block,
}

/// Declares the findings: code, severity on open and on private surfaces, and what it means.
macro_rules! findings {
    ($($(#[doc = $doc:literal])* $variant:ident = $code:literal, $open:ident, $private:ident, $italian:literal;)*) => {
        /// What is wrong with a draft.
        ///
        /// Each has a severity where everyone reads along and one where only the customer does (R4, R17):
        /// few things block, the rest warns, explains and offers a repair.
        ///
        /// ```
        /// use galateo::gate::{FindingCode, Severity};
        /// use galateo::model::Visibility;
        /// assert_eq!(FindingCode::Profanity.severity(Visibility::Public), Severity::Block);
        /// assert_eq!(FindingCode::from_code("too_long"), Some(FindingCode::TooLong));
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum FindingCode { $($(#[doc = $doc])* $variant,)* }

        impl FindingCode {
            /// Every code, in alphabetical order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word used on the wire and in a playbook's `waived`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The finding of a code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }

            /// What the finding means, in one sentence for the author.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),*).trim_ascii(),)* }
            }

            /// The same in Italian, or for any other language in English; without the number of the requirement.
            ///
            /// ```
            /// use galateo::gate::FindingCode;
            /// use galateo::model::Language;
            /// assert_eq!(FindingCode::Leak.tell(Language::It), "dati personali comparirebbero dove tutti leggono");
            /// assert_eq!(FindingCode::Leak.tell(Language::En), "personal data would stand where everyone reads along");
            /// ```
            #[must_use]
            pub fn tell(self, language: Language) -> String {
                if language == Language::It {
                    return match self { $(Self::$variant => $italian,)* }.to_owned();
                }
                let meaning = self.meaning();
                let meaning = meaning.split_once(" (R").map_or(meaning, |(plain, _)| plain).trim_end_matches('.');
                let mut letters = meaning.chars();
                letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
            }

            /// How bad it is where `visibility` tells who reads along.
            #[must_use]
            pub const fn severity(self, visibility: Visibility) -> Severity {
                let open = visibility.is_open();
                match self { $(Self::$variant => if open { Severity::$open } else { Severity::$private },)* }
            }
        }
    };
}

findings! {
    /// The customer praises, and the draft apologises (R94).
    ApologyForPraise = "apology_for_praise", Warn, Warn,
        "il cliente fa un complimento e la risposta si scusa";
    /// Replies like this one need approval.
    ApprovalRequired = "approval_required", Hold, Hold,
        "risposte come questa vanno approvate";
    /// The draft asks for data that the customer has given already (R30).
    AsksAgain = "asks_again", Warn, Warn,
        "la risposta chiede dati che il cliente ha già dato";
    /// The author has no name that customers could be shown (R55).
    AuthorNameless = "author_nameless", Warn, Warn,
        "chi risponde non ha un nome da mostrare al cliente";
    /// A program writes and does not say that it is one.
    BotUndisclosed = "bot_undisclosed", Block, Block,
        "scrive un programma e non lo dice";
    /// A rule of the playbook keeps this from being sent.
    BlockedByRule = "blocked_by_rule", Block, Block,
        "una regola del playbook vieta di inviarla";
    /// The draft repeats an earlier public reply almost word for word (R73).
    CopyOfReply = "copy_of_reply", Hold, Warn,
        "la risposta ripete quasi parola per parola una risposta pubblica precedente";
    /// In a crisis every public reply needs approval (R84).
    CrisisApproval = "crisis_approval", Hold, Hold,
        "durante una crisi ogni risposta pubblica va approvata";
    /// The draft asks for personal data where everyone reads along (R108).
    DataRequestInPublic = "data_request_in_public", Block, Block,
        "la risposta chiede dati personali dove tutti leggono";
    /// Nothing is said.
    Empty = "empty", Block, Block,
        "la risposta è vuota";
    /// The draft is too much like an answer that is forbidden (R72).
    ForbiddenAnswer = "forbidden_answer", Block, Block,
        "la risposta somiglia troppo a una vietata";
    /// The remedy differs from what others were offered for the same matter (R28).
    InconsistentRemedy = "inconsistent_remedy", Hold, Warn,
        "il rimedio è diverso da quello offerto ad altri per lo stesso motivo";
    /// The draft is in another language than the conversation.
    LanguageMismatch = "language_mismatch", Warn, Warn,
        "la risposta è in una lingua diversa dalla conversazione";
    /// Personal data would stand where everyone reads along (R22).
    Leak = "leak", Block, Warn,
        "dati personali comparirebbero dove tutti leggono";
    /// The network allows this one message and no further one.
    LastMessage = "last_message", Warn, Warn,
        "la rete permette questo messaggio e nessun altro dopo";
    /// The customer complains, and the draft shows no regret (R94).
    MissingApology = "missing_apology", Warn, Warn,
        "il cliente reclama e la risposta non mostra dispiacere";
    /// A model answer is sent as it stands instead of made personal (R73).
    ModelAnswerCopied = "model_answer_copied", Warn, Warn,
        "una risposta modello viene inviata così com'è invece che personalizzata";
    /// The customer's name is known and not used (R93).
    NameUnused = "name_unused", Warn, Warn,
        "il nome del cliente è noto e non viene usato";
    /// The playbook advises against a phrase (R71).
    NeverSay = "never_say", Warn, Warn,
        "il playbook sconsiglia un'espressione";
    /// The author is not trained for who reads along (R62).
    NotCertified = "not_certified", Hold, Hold,
        "l'autore non è formato per chi legge qui";
    /// The language of offices, which nobody speaks (R75).
    Officialese = "officialese", Warn, Warn,
        "linguaggio da ufficio, che nessuno parla";
    /// The author signs with a number instead of a name (R54).
    OperatorNumber = "operator_number", Warn, Warn,
        "l'autore firma con un numero invece che con un nome";
    /// A phrase that the playbook forbids.
    PhraseBlocked = "phrase_blocked", Block, Block,
        "un'espressione che il playbook vieta";
    /// A swear word (R19).
    Profanity = "profanity", Block, Block,
        "una parolaccia";
    /// The customer is sent elsewhere without a reason that counts (R96, R97).
    RedirectsElsewhere = "redirects_elsewhere", Warn, Warn,
        "il cliente viene mandato altrove senza un motivo che conti";
    /// Familiar and formal address in one text, or the other one than the tone asks for (R14).
    Register = "register", Warn, Warn,
        "tu e Lei nello stesso testo, o la forma che il tono non chiede";
    /// The draft repeats in public what the customer gave in private (R108).
    RepeatsCustomerData = "repeats_customer_data", Block, Warn,
        "la risposta ripete in pubblico ciò che il cliente ha dato in privato";
    /// A sexual reference (R20).
    Sexual = "sexual", Block, Block,
        "un riferimento sessuale";
    /// The text is longer than the surface takes (R12).
    TooLong = "too_long", Block, Block,
        "il testo è più lungo di quanto la superficie permetta";
    /// More emoji than the tone allows (R14).
    TooManyEmoji = "too_many_emoji", Warn, Warn,
        "più emoji di quante il tono permetta";
    /// The text is longer than what is read, so its end is not known.
    Truncated = "truncated", Block, Block,
        "il testo è più lungo di quanto viene letto, e la fine non si conosce";
    /// A claim rests on nothing that the draft names (R111).
    UngroundedClaim = "ungrounded_claim", Warn, Warn,
        "un'affermazione non si fonda su nulla che la risposta indichi";
    /// An account or link that is not the company's (R39).
    UnlistedAccount = "unlisted_account", Block, Block,
        "un profilo o un link che non è dell'azienda";
    /// The reply is not signed with a first name (R54).
    Unsigned = "unsigned", Warn, Warn,
        "la risposta non è firmata con un nome";
    /// A promise that nothing supports (R95).
    UnsupportedPromise = "unsupported_promise", Hold, Hold,
        "una promessa che nulla sostiene";
    /// A rule of the playbook warns.
    WarnedByRule = "warned_by_rule", Warn, Warn,
        "una regola del playbook avverte";
    /// The network does not allow a message now (R37).
    WindowClosed = "window_closed", Block, Block,
        "la rete ora non permette un messaggio";
    /// The customer is called by another name than theirs (R93).
    WrongName = "wrong_name", Hold, Hold,
        "il cliente viene chiamato con un nome che non è il suo";
}

impl Serialize for FindingCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One thing wrong with a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// What.
    pub code: FindingCode,
    /// How bad.
    pub severity: Severity,
    /// Where in the draft, in bytes; `None` where it is the whole or something missing.
    pub span: Option<Span>,
    /// What to do about it, in the draft's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repair: Option<Arc<str>>,
    /// The rule that asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleId>,
}

impl Finding {
    pub(crate) const fn new(code: FindingCode, visibility: Visibility) -> Self {
        Self { code, severity: code.severity(visibility), span: None, repair: None, rule: None }
    }

    pub(crate) fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    pub(crate) fn repair(mut self, repair: impl AsRef<str>) -> Self {
        let repair = repair.as_ref();
        self.repair = (!repair.is_empty()).then(|| Arc::from(repair));
        self
    }

    pub(crate) fn by_rule(mut self, rule: &RuleId) -> Self {
        self.rule = Some(rule.clone());
        self
    }

    pub(crate) fn at_least(mut self, severity: Severity) -> Self {
        self.severity = self.severity.max(severity);
        self
    }

    /// Lets pass, with a warning, what needed approval and has it; what blocks still blocks.
    pub(crate) fn approve(&mut self) {
        if self.severity == Severity::Hold {
            self.severity = Severity::Warn;
        }
    }
}
