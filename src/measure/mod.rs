//! Mergeable summaries of what spans conversations.
