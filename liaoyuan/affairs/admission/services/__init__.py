"""Writes of admission, by stage. Everything goes through ``acting``."""
