//! What a team writes: the document, its rules, and the policy compiled from them.
