"""A served demonstration and browser windows onto it."""

from tests.fixtures import chromium, demo_home, house, visit

__all__ = ["chromium", "demo_home", "house", "visit"]
