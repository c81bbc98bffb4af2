"""The tree of Party organisations, places, posts, roles and grants."""

from liaoyuan.organisation.units.models.grant import Grant, GrantSource, Role
from liaoyuan.organisation.units.models.post import Post
from liaoyuan.organisation.units.models.site import Site
from liaoyuan.organisation.units.models.unit import Unit, UnitChange, UnitKind

__all__ = ["Grant", "GrantSource", "Post", "Role", "Site", "Unit", "UnitChange", "UnitKind"]
