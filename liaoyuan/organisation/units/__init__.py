"""Party organisations: one tree, posts, roles, and who may act where."""
