"""Reads of whereabouts."""
