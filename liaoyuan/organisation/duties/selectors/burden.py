"""What the duties ask of people: items, fields and minutes, per person and week."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.paths import upper
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import Duty, DutyState
from liaoyuan.organisation.duties.policies import Capability
from liaoyuan.organisation.duties.selectors.listing import Responsible
from liaoyuan.organisation.duties.selectors.rows import duties_visible, never_late, rule_or_none
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit

WEEKS = 8  # whole weeks looked back, besides the present one
MOST = 200
_VACANT = UUID(int=0)


@dataclass(slots=True)
class Load:
    """One person's load. ``weeks`` are minutes of the past whole weeks, oldest first; the others are this week's."""

    name: str
    post: str = ""
    items: int = 0
    fields: int = 0
    minutes: int = 0
    weeks: list[int] = field(default_factory=lambda: [0] * WEEKS)

    @property
    def usual(self) -> float:
        """Minutes a week over the past whole weeks."""
        return sum(self.weeks) / WEEKS


@dataclass(frozen=True, slots=True)
class Burden:
    """The loads, heaviest this week first, at most MOST; ``everybody`` is the whole; ``own`` what people owe themselves
    (their own hours, dues), of ``owners`` people."""

    unit: Unit | None
    monday: date
    loads: tuple[Load, ...]
    people: int
    everybody: Load
    own: Load
    owners: int

    @property
    def trend(self) -> list[int]:
        """Minutes of the past weeks; () where nothing was closed in them."""
        return self.everybody.weeks if any(self.everybody.weeks) else []


def burden(actor: Actor, unit_id: UUID | None = None) -> Burden:
    """The load in a unit and below, or in the actor's whole reach. What was closed counts in the week of its closing;
    what is open and due by this week's end, the overdue included, counts in this week. It counts for the first holder
    of the responsible post, or for whom it was handed to. The number of queries does not depend on the people.
    Raises NotInScope."""
    unit = _unit(actor, unit_id)
    rows = duties_visible(actor, theirs=False).order_by()
    if unit is not None:
        rows = rows.filter(path__gte=unit.path, path__lt=upper(unit.path))
    monday = clock.today() - timedelta(days=clock.today().weekday())
    first = monday - timedelta(weeks=WEEKS)
    by_themselves = [one.id for one in registry.all_rules() if one.at == "self"]
    loads: dict[UUID, Load] = {}
    whole, own = Load(_("合计")), Load(_("本人事项"))
    responsible = Responsible.today()
    names = _names(rows)
    for rule_id, path, handed, closed, by_hand, number in _counted(rows, first, monday):
        rule = rule_or_none(rule_id)
        if rule is None:
            continue
        week = WEEKS if closed is None else (closed - first).days // 7
        asked = rule.fields if by_hand or (closed is None and rule.record) else 0
        to = [whole]
        if rule.at == "self":
            to.append(own)
        else:
            to.append(_of(loads, responsible, names, rule_id, path, handed))
        for load in to:
            _add(load, week, number, asked, rule.minutes)
    heaviest = sorted(loads.values(), key=lambda load: (-load.minutes, -load.usual, load.name))
    due = rows.filter(rule__in=by_themselves).filter(_asked_now(first, monday))
    owners = due.aggregate(n=Count("person", distinct=True))["n"]
    return Burden(unit, monday, tuple(heaviest[:MOST]), len(heaviest), whole, own, owners)


def _unit(actor: Actor, unit_id: UUID | None) -> Unit | None:
    if unit_id is None:
        return None
    unit = Unit.objects.visible_to(actor, Capability.VIEW).filter(pk=unit_id).first()
    if unit is None:
        raise NotInScope()
    return unit


def _asked_now(first: date, monday: date) -> Q:
    """Closed since ``first``, or open and due by the end of the week of ``monday``."""
    closed = Q(state=DutyState.CLOSED, closed_on__gte=first)
    still = Q(state=DutyState.OPEN, due__lte=monday + timedelta(days=6)) & ~Q(rule__in=never_late())
    return closed | still


Row = tuple[str, str, UUID | None, date | None, int, int]


def _counted(rows: QuerySet[Duty], first: date, monday: date) -> Iterable[Row]:
    """(rule, path, handed to, closed on, whether somebody typed it, how many)."""
    typed = Case(When(closed_by__source_app="duties", then=Value(1)), default=Value(0), output_field=IntegerField())
    found = rows.filter(_asked_now(first, monday)).annotate(typed=typed)
    columns = ("rule", "path", "handed_to_id", "closed_on", "typed")
    return found.values_list(*columns).annotate(n=Count("pk")).iterator(chunk_size=5000)


def _names(rows: QuerySet[Duty]) -> dict[UUID, str]:
    handed = rows.filter(handed_to__isnull=False).values("handed_to_id")
    people = Person.objects.unscoped("whom duties in sight were handed to").filter(pk__in=handed)
    return dict(people.values_list("pk", "name"))


def _of(
    loads: dict[UUID, Load], responsible: Responsible, names: dict[UUID, str], rule: str, path: str, handed: UUID | None
) -> Load:
    if handed is not None:
        return loads.setdefault(handed, Load(names.get(handed, ""), _("受托")))
    found = responsible.holders(rule, path)
    if not found:
        return loads.setdefault(_VACANT, Load(_("职务空缺")))
    return loads.setdefault(found[0].person_id, Load(found[0].name, found[0].post_name))


def _add(load: Load, week: int, number: int, fields: int, minutes: int) -> None:
    if week >= WEEKS:
        load.items += number
        load.fields += number * fields
        load.minutes += number * minutes
    else:
        load.weeks[week] += number * minutes
