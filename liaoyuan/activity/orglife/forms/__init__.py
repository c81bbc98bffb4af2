"""Forms of meetings and votes."""
