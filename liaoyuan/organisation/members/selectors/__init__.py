"""Reads of the members app; the first argument is the actor. Other apps import from here."""
