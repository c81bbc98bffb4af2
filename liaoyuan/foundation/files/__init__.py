"""Uploads and files we make, behind gates."""
