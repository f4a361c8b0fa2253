//! Stage 3: the families of rules, one file each, each with its combining law.
