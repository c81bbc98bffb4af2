"""Forms of whereabouts."""
