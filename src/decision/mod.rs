//! Stage 4: what is to be done, and why.
