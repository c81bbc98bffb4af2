"""Writes of the rule book."""
