"""Every table knows who may see it, points only downwards, and has its word in the glossary."""

import inspect
import re

import pytest
from django.apps import apps
from django.db import models

from liaoyuan.kernel.scoping import Scope
from tests.architecture.source import ROOT

OURS = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("liaoyuan.")]
_LEVELS = ["kernel", "foundation", "organisation", "activity", "affairs", "desk", "config"]
_WITHIN = {
    "foundation": ["audit", "regulations", "accounts", "files", "inbox"],
    "organisation": ["units", "members", "chronicle", "whereabouts", "roster", "duties"],
}
# Person.photo is kept by files, which lies below; nothing may point up.
_EXEMPT = re.compile(r"#\s*Exempt from scoping: \S.{10,}")


def _height(model: type[models.Model]) -> tuple[int, int]:
    _, area, app, *_ = model.__module__.split(".")
    within = _WITHIN.get(area, [])
    return _LEVELS.index(area), within.index(app) if app in within else 0


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_model_is_scoped_or_says_why_not(model: type[models.Model]) -> None:
    declared = isinstance(vars(model).get("scope"), Scope)
    exempt = _EXEMPT.search(inspect.getsource(model)) is not None
    assert declared != exempt, "declare `scope`, or write `# Exempt from scoping: why` above Meta (not both)"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_foreign_key_never_points_up(model: type[models.Model]) -> None:
    for field in model._meta.get_fields():
        target = field.related_model if field.concrete and field.is_relation else None
        if isinstance(target, type) and target.__module__.startswith("liaoyuan."):
            assert _height(target) <= _height(model), f"{field.name} points up to {target.__name__}"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_scoped_model_uses_the_scoped_manager(model: type[models.Model]) -> None:
    if isinstance(vars(model).get("scope"), Scope):
        assert hasattr(model._default_manager, "visible_to")
        for lookup in model.scope.paths:
            field = model
            for part in lookup.split("__"):
                found = field._meta.get_field(part)
                field = found.related_model or field
            assert found.db_parameters, f"{lookup} is no column"


def test_the_glossary_has_every_model() -> None:
    text = (ROOT / "docs" / "domain" / "glossary.md").read_text()
    known = set(re.findall(r"`([A-Za-z]+)`", text))
    assert not sorted({model.__name__ for model in OURS} - known), "add these to docs/domain/glossary.md"
