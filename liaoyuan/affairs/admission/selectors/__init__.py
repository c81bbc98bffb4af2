"""Reads of admission; the first argument is the actor."""
