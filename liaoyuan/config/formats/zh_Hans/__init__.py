"""Simplified Chinese as our users write it."""
