"""Rivals at the same moment, on both databases. What one app can show alone stands in that app's own tests."""
