//! Stage 5: the review of a reply before it is sent.
