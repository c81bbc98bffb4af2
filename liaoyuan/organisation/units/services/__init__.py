"""Writes of the units app, one function per verb. Other apps import from here."""

from liaoyuan.organisation.units.registry import register_occupancy
from liaoyuan.organisation.units.services.grants import (
    access_seen,
    assert_may_give,
    delegation_give,
    grant_end,
    grant_give,
    roles_givable,
)
from liaoyuan.organisation.units.services.lock import TreeBusyError, tree_hold, tree_lock, unit_for_path
from liaoyuan.organisation.units.services.move import unit_move
from liaoyuan.organisation.units.services.paths import paths_rebuild, paths_rewrite, tree_problems
from liaoyuan.organisation.units.services.reference import reference_load
from liaoyuan.organisation.units.services.reshape import unit_dissolve, unit_merge, unit_split
from liaoyuan.organisation.units.services.sites import site_create, site_for, site_retire, site_update
from liaoyuan.organisation.units.services.tenures import grants_drop_for_source, grants_of_tenure, role_of_post
from liaoyuan.organisation.units.services.totp import totp_recompute
from liaoyuan.organisation.units.services.tree import unit_create, unit_reorder, unit_update

__all__ = [
    "TreeBusyError",
    "access_seen",
    "assert_may_give",
    "delegation_give",
    "grant_end",
    "grant_give",
    "grants_drop_for_source",
    "grants_of_tenure",
    "paths_rebuild",
    "paths_rewrite",
    "reference_load",
    "register_occupancy",
    "role_of_post",
    "roles_givable",
    "site_create",
    "site_for",
    "site_retire",
    "site_update",
    "totp_recompute",
    "tree_hold",
    "tree_lock",
    "tree_problems",
    "unit_create",
    "unit_dissolve",
    "unit_for_path",
    "unit_merge",
    "unit_move",
    "unit_reorder",
    "unit_split",
    "unit_update",
]
