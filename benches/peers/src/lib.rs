//! Nothing of its own: the peers stand in `benches/`.
