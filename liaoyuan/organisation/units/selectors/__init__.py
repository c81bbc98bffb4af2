"""Reads of the units app; the first argument is the actor. Other apps import from here."""

from liaoyuan.organisation.units.selectors.access import (
    Access,
    UnitGrant,
    access_of,
    grant_get,
    grant_pairs,
    role_check,
    roles,
    unit_grants,
    user_by_account,
)
from liaoyuan.organisation.units.selectors.places import (
    active_sites,
    overdue_temporary_branches,
    site_get,
    sites,
)
from liaoyuan.organisation.units.selectors.tree import (
    PastUnit,
    Tree,
    TreeQuery,
    TreeRow,
    search_condition,
    tree,
    tree_as_of,
    unit_options,
    visible_units,
)
from liaoyuan.organisation.units.selectors.units import MovePreview, UnitPage, move_preview, unit_get, unit_page

__all__ = [
    "Access",
    "MovePreview",
    "PastUnit",
    "Tree",
    "TreeQuery",
    "TreeRow",
    "UnitGrant",
    "UnitPage",
    "access_of",
    "active_sites",
    "grant_get",
    "grant_pairs",
    "move_preview",
    "overdue_temporary_branches",
    "role_check",
    "roles",
    "search_condition",
    "site_get",
    "sites",
    "tree",
    "tree_as_of",
    "unit_get",
    "unit_grants",
    "unit_options",
    "unit_page",
    "user_by_account",
    "visible_units",
]
