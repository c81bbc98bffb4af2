"""Writes of whereabouts."""
