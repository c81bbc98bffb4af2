"""Registers what units adds to others' pages; no logic."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class UnitsConfig(AppConfig):
    """组织"""

    name = "liaoyuan.organisation.units"
    label = "units"
    verbose_name = "组织"

    def ready(self) -> None:
        """Navigation, the grant source of the kernel, to-dos, jobs, reference data after migrate."""
        from liaoyuan.kernel import registry, scoping
        from liaoyuan.organisation.units import proofs, tasks, todos
        from liaoyuan.organisation.units.policies import Capability
        from liaoyuan.organisation.units.selectors import grant_pairs

        assert tasks  # noqa: S101  imported for its jobs
        scoping.grant_source(grant_pairs)
        registry.add_todos("units", todos.todos)
        registry.add_nav(
            registry.NavItem(
                label=str(_("组织")),
                route="units:tree",
                icon="sitemap",
                group="组织",
                order=20,
                visible=lambda actor: actor.holds(Capability.VIEW),
                key="o",
            ),
        )
        registry.add_proof("units.tree", str(_("组织树的路径")), proofs.tree_proof)
        post_migrate.connect(_load_reference, sender=self)


def _load_reference(apps: Any, **rest: Any) -> None:
    """After migrate: posts and roles. Skipped while a partial migration has no such tables."""
    from liaoyuan.organisation.units.services import reference_load

    try:
        apps.get_model("units", "Role")
    except LookupError:
        return
    reference_load()
