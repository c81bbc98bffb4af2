"""Reads of the chronicle; the first argument is the actor. Other apps import from here."""

from liaoyuan.organisation.chronicle.selectors.pages import person_story
from liaoyuan.organisation.chronicle.selectors.stories import Told, current, facts_visible, unit_story

__all__ = ["Told", "current", "facts_visible", "person_story", "unit_story"]
