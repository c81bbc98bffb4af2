"""Reads of the map."""
