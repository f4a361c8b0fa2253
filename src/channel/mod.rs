//! Dated facts on networks: surfaces, windows, lengths, undo and private links.
