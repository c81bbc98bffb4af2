"""What is wrong or missing in people's data, for the data quality page; and the nightly proof of derived columns."""

from collections.abc import Iterator

from django.db.models import Case, Count, Exists, F, OuterRef, Q, When
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.foundation.regulations.limits import limits_at
from liaoyuan.kernel import clock, registry
from liaoyuan.kernel.registry import DataProblem, ProofResult
from liaoyuan.kernel.scoping import Actor, ScopedQuerySet
from liaoyuan.organisation.members.models import Membership, MembershipKind, Person, Standing, StandingKind
from liaoyuan.organisation.members.policies import Capability
from liaoyuan.organisation.members.rules.admission import STEPS, AdmissionDates, admission_findings

MOST = 200  # of each kind: a list of thousands is mended by a new roster, not one by one


def register() -> None:
    """Called once from ``AppConfig.ready``."""
    registry.add_data_check("members", str(gettext_lazy("人员档案")), data_problems)
    registry.add_proof("members.columns", str(gettext_lazy("人员的所在支部与政治面貌")), columns_proof)


def data_problems(actor: Actor) -> Iterator[DataProblem]:
    """Problems of people in service whose file the actor may see, worst first: six queries."""
    rows = Person.objects.visible_to(actor, Capability.VIEW_FILE).filter(active=True)
    homeless = rows.filter(Q(unit__isnull=True) | Q(unit__dissolved_on__isnull=False))
    yield from _each(
        homeless, _("%s 没有所在党支部，或所在党支部已撤销"), _("他不在任何支部的名单里。请变更组织关系。"), 3, "move"
    )
    yield from _dates(rows)
    yield from _each(
        rows.filter(id_index=""), _("%s 没有登记身份证号"), _("无法核对身份，也查不出重复登记。请补录。"), 2, "edit"
    )
    yield from _each(
        rows.filter(standing__in=["full", "probationary"], joined_on__isnull=True),
        _("%s 是党员，却没有入党日期"),
        _("政治生日、党龄和预备期都由它算出。请补录。"),
        2,
        "standing",
    )
    yield from _each(
        rows.filter(standing="full", full_since__isnull=True),
        _("%s 是正式党员，却没有转正日期"),
        _("党龄从转正之日算起。请补录。"),
        2,
        "standing",
    )
    yield from _each(
        rows.filter(birth_date__isnull=True),
        _("%s 没有登记出生日期"),
        _("入党年龄和年龄统计都由它算出。请补录。"),
        1,
        "edit",
    )


def _each(rows: ScopedQuerySet, title: str, why: str, severity: int, route: str) -> Iterator[DataProblem]:
    for person in rows.only("name", "number").order_by("home_path", "rank_order", "id")[:MOST]:
        yield DataProblem(
            title % f"{person.name}（{person.number}）", why, reverse(f"members:{route}", args=[person.pk]), severity
        )


def _dates(rows: ScopedQuerySet) -> Iterator[DataProblem]:
    """Dates of admission out of lawful order, against the limits of today's data."""
    today, limits = clock.today(), limits_at()
    people = rows.filter(standing__in=STEPS).only("name", "number", "standing", "birth_date", "home_path")
    found = 0
    for person in people.prefetch_related("standings").order_by("home_path", "rank_order", "id").iterator(2000):
        since = {row.kind: row.since for row in person.standings.all()}
        dates = AdmissionDates(*(since.get(StandingKind(kind)) for kind in STEPS))
        own = limits.at(person.home_path or "")
        for finding in admission_findings(person.standing, dates, birth=person.birth_date, today=today, limits=own):
            if finding.blocking and finding.code != "missing":
                found += 1
                title = _("%(name)s：%(problem)s") % {
                    "name": f"{person.name}（{person.number}）",
                    "problem": finding.message,
                }
                yield DataProblem(title, finding.clause, reverse("members:file", args=[person.pk]), 3)
        if found >= MOST:
            return


def columns_proof() -> ProofResult:
    """The columns of Person that repeat other rows equal what those rows say today."""
    wrong = wrong_people()
    checked = Person.objects.unscoped("proves the derived columns").count()
    first = wrong.values_list("number", flat=True).order_by("number").first()
    if first is not None:
        return ProofResult(False, checked, _("%(count)s 人的所在支部或政治面貌与记录不符，第一个是 %(number)s。") % {
            "count": wrong.count(), "number": first})  # fmt: skip
    return ProofResult(True, checked, _("核对了 %s 人的所在支部、挂靠、路径与政治面貌，全部与记录相符。") % checked)


def wrong_people() -> ScopedQuerySet:
    """People whose repeated columns differ from the truth."""
    today = clock.today()
    holds = Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gt=today))
    mine = Membership.objects.filter(holds, person=OuterRef("pk"))
    home = mine.filter(kind=MembershipKind.HOME)
    attached = mine.filter(kind=MembershipKind.ATTACHED)
    path: Combinable = Case(When(group__isnull=False, then=F("group__path")), default=F("unit__path"))
    rows = Person.objects.unscoped("proves the derived columns").annotate(
        right_path=path, open_standings=Count("standings", filter=Q(standings__until__isnull=True))
    )
    same_group = Q(group=OuterRef("group")) | Q(group__isnull=True)
    wrong_home = Q(active=True) & ~Exists(home.filter(same_group, unit=OuterRef("unit")))
    wrong_group = Q(active=True, group__isnull=False) & ~Exists(home.filter(group=OuterRef("group")))
    wrong_attached = (Q(attached_unit__isnull=False) & ~Exists(attached.filter(unit=OuterRef("attached_unit")))) | (
        Q(attached_unit__isnull=True) & Exists(attached)
    )
    wrong_path = ~Q(home_path=F("right_path")) | (
        Q(attached_unit__isnull=False) & ~Q(attached_path=F("attached_unit__path"))
    )
    present = Standing.objects.filter(person=OuterRef("pk"), until__isnull=True, kind=OuterRef("standing"))
    wrong_standing = Q(open_standings__gt=1) | ~Exists(present)
    return rows.filter(wrong_home | wrong_group | wrong_attached | wrong_path | wrong_standing)
