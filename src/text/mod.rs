//! Stage 1: text folded to one form, with a map back to the bytes as they were sent.
