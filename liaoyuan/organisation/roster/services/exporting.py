"""Rosters out: what lies in the actor's reach, and the empty template."""

from collections.abc import Callable
from typing import IO, Any

from liaoyuan.foundation.audit import services as audit
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.roster.policies import Capability, can_export
from liaoyuan.organisation.roster.selectors.rows import people_rows, posting_rows, tenure_rows, unit_rows
from liaoyuan.organisation.units.models import Post, Unit
from liaoyuan.organisation.whereabouts.models import Purpose


def export_file(
    *, actor: Actor, target: IO[bytes], unit: str = "", mark: str = "", step: Callable[[int], None] = lambda count: None
) -> int:
    """Write the roster of the actor's reach (of ``unit`` and below, if given) to ``target``; how many lines. Recorded:
    it holds ID numbers and phones in clear. NotInScope where the unit is unknown or out of reach."""
    can_export(actor).require()
    paths: tuple[str, ...] = actor.reach(Capability.EXPORT)
    if unit:
        found = Unit.objects.visible_to(actor, Capability.EXPORT).filter(code=unit).first()
        if found is None:
            raise NotInScope()
        paths = (found.path,)
    rows: dict[str, Any] = {
        "units": (row for _, row in unit_rows(paths)),
        "people": (row for _, _, row in people_rows(paths=paths)),
        "tenures": (row for _, _, row in tenure_rows(paths=paths)),
        "postings": (row for _, _, row in posting_rows(paths=paths)),
    }
    from liaoyuan.organisation.roster.workbook import write_roster  # with openpyxl: only who exports pays for it

    count = write_roster(target, rows, mark=mark, step=step)
    audit.record(
        actor, "roster.export", object_type="roster", object_label=unit, detail={"lines": count, "paths": list(paths)}
    )
    return count


def template_file(target: IO[bytes]) -> None:
    """Write the empty workbook with the posts and purposes of this instance."""
    from liaoyuan.organisation.roster.workbook import write_template

    write_template(
        target,
        posts=list(Post.objects.values_list("name", flat=True)),
        purposes=list(Purpose.objects.values_list("name", flat=True)),
    )
