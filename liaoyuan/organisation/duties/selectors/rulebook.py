"""The rules themselves: what each asks, the number that binds and where it comes from, and how it goes in practice."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import BooleanField, Case, Count, Q, When
from django.utils.translation import gettext as _

from liaoyuan.foundation.inbox.services import quiet_hours
from liaoyuan.foundation.regulations.citations import anchor
from liaoyuan.foundation.regulations.models import ParameterOverride
from liaoyuan.foundation.regulations.names import parameter_name
from liaoyuan.foundation.regulations.rules import SURE, Document, Parameter, Value, parse_value
from liaoyuan.foundation.regulations.selectors import documents, parameter
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle import kinds
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import DutyState
from liaoyuan.organisation.duties.policies import Capability
from liaoyuan.organisation.duties.rules.closing import Closing, closing
from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.rules.families import family_name, family_of
from liaoyuan.organisation.duties.rules.wording import AT, often, shape_words, value_words
from liaoyuan.organisation.duties.selectors.rows import SOON_DAYS, Overrides, duties_visible, is_late, is_soon
from liaoyuan.organisation.units.models import Post

LOOKED_BACK = 365  # days of closed duties that the statistics look at


@dataclass(frozen=True, slots=True)
class Number:
    """A number a rule counts with: what it is today, and the sentence that answers "why?"."""

    id: str
    value: str
    origin: str
    document: Document
    parameter: Parameter
    override: ParameterOverride | None

    @property
    def name(self) -> str:
        """What it is called."""
        return parameter_name(self.id)

    @property
    def anchor(self) -> str:
        """The rule book's anchor of its clause."""
        return anchor(self.document.id, self.parameter.clause)

    @property
    def gist(self) -> str:
        """What the clause says, in our words."""
        return self.document.clauses[self.parameter.clause].gist


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in the list, with the counts of the actor's reach (None where he sees none)."""

    rule: DutyRule
    family: str
    article: str
    number: Number | None
    counts: dict[str, int] | None

    @property
    def often(self) -> str:
        """The term as one says it: how often, how much, or how long."""
        return often(self.rule, self.number.value if self.number else "", unit_of(self.rule))


def unit_of(rule: DutyRule) -> str:
    """What a rule that sums its facts measures them in: 学时."""
    return kinds.kind(rule.closes[0]).unit if rule.sums else ""


def rule_lines(actor: Actor) -> list[RuleLine]:
    """Every rule, by family. Two queries."""
    today = clock.today()
    overrides = Overrides.on(today)
    path = own_path(actor)
    counts = _counts(actor, today) if actor.holds(Capability.VIEW) else None
    found = []
    for rule in registry.all_rules():
        number = number_of(rule.cites, today, path, overrides) if rule.cites else None
        found.append(
            RuleLine(
                rule,
                family_name(family_of(rule.id)),
                article_of(rule, number),
                number,
                None if counts is None else counts.get(rule.id, _NOTHING),
            )
        )
    return found


_NOTHING = {"open": 0, "late": 0, "soon": 0, "closed": 0}


def _counts(actor: Actor, today: date) -> dict[str, dict[str, int]]:
    rows = duties_visible(actor, theirs=False).order_by().values("rule")
    since = today - timedelta(days=LOOKED_BACK)
    found = rows.annotate(
        open=Count("pk", filter=Q(state=DutyState.OPEN)),
        late=Count("pk", filter=is_late(today)),
        soon=Count("pk", filter=is_soon(today, today + timedelta(days=SOON_DAYS))),
        closed=Count("pk", filter=Q(state=DutyState.CLOSED, closed_on__gt=since)),
    )
    return {row["rule"]: {name: row[name] for name in _NOTHING} for row in found}


def own_path(actor: Actor) -> str:
    """Where the actor is at home: the only top of his reach, "" where there are several or none."""
    reach = actor.reach(Capability.VIEW)
    return reach[0] if len(reach) == 1 else ""


def number_of(parameter_id: str, on: date, path: str, overrides: Overrides) -> Number | None:
    """The number that binds at ``path`` on a day; None where the text of that day sets none."""
    try:
        document, found = parameter(parameter_id, on=on)
    except KeyError:
        return None
    override = overrides.at(parameter_id, path) if path else None
    value: Value = parse_value(found.type, override.value) if override else found.value
    origin = _("《%(title)s》第%(clause)s条（%(sure)s）") % {
        "title": document.title, "clause": found.clause, "sure": SURE[found.sure],
    }  # fmt: skip
    if override is not None:
        origin = _("%(origin)s；%(unit)s自%(since)s起调整：%(reason)s") % {
            "origin": origin, "unit": override.unit_name, "since": override.since, "reason": override.reason,
        }  # fmt: skip
    return Number(parameter_id, value_words(value, found.type), origin, document, found, override)


def article_of(rule: DutyRule, number: Number | None) -> str:
    """The clause as one cites it."""
    if number is not None:
        return f"《{number.document.title}》第{number.parameter.clause}条"
    family, _dot, clause = rule.clause.partition(".")
    title = next((one.title for one in reversed(documents()) if one.family == family), rule.clause)
    return f"《{title}》第{clause}条" if clause else title


@dataclass(frozen=True, slots=True)
class RulePage:
    """Everything the rule's page says about the rule itself."""

    rule: DutyRule
    family: str
    article: str
    number: Number | None
    others: tuple[Number, ...]
    versions: tuple[Number, ...]
    facts: tuple[tuple[str, str], ...]
    closing: Closing | None
    counts: dict[str, int] | None

    @property
    def often(self) -> str:
        """The term as one says it."""
        return often(self.rule, self.number.value if self.number else "", unit_of(self.rule))


def rule_page(actor: Actor, rule: DutyRule) -> RulePage:
    """A rule in words, with its statistics in the actor's reach (None where he sees none). A constant number of
    queries."""
    today = clock.today()
    overrides = Overrides.on(today)
    path = own_path(actor)
    number = number_of(rule.cites, today, path, overrides) if rule.cites else None
    others = [number_of(one, today, path, overrides) for one in rule.limits]
    sees = actor.holds(Capability.VIEW)
    return RulePage(
        rule=rule,
        family=family_name(family_of(rule.id)),
        article=article_of(rule, number),
        number=number,
        others=tuple(one for one in others if one is not None),
        versions=tuple(_versions(rule)),
        facts=tuple(_facts(rule, number)),
        closing=_closing(actor, rule, today) if sees else None,
        counts=_counts(actor, today).get(rule.id, _NOTHING) if sees else None,
    )


def _versions(rule: DutyRule) -> list[Number]:
    """The number in every version of the text, oldest first; () where there is one version only."""
    if not rule.cites:
        return []
    family, _dot, key = rule.cites.partition(".")
    nothing = Overrides({})
    texts = [one for one in documents() if one.family == family and key in one.parameters]
    found = [number_of(rule.cites, text.since, "", nothing) for text in texts]
    return [one for one in found if one is not None] if len(texts) > 1 else []


def _facts(rule: DutyRule, number: Number | None) -> list[tuple[str, str]]:
    """What the rule does, as pairs of words."""
    posts = dict(Post.objects.values_list("code", "name"))

    def kinds_of(keys: tuple[str, ...]) -> str:
        known = {kind.key: kind.label for kind in kinds.all_kinds()}
        return "、".join(known.get(key, key) for key in keys)

    def posts_of(codes: tuple[str, ...]) -> str:
        return "、".join(posts.get(code, code) for code in codes)

    rows = [
        (_("什么引起"), kinds_of(rule.opens)),
        (_("什么办结"), kinds_of(rule.closes)),
        (_("什么终止"), kinds_of(rule.ends)),
        (_("怎么算"), shape_words(rule, number.value if number else "", unit_of(rule))),
        (_("由谁负责"), _("本人") if rule.at == "self" else f"{AT[rule.at]}的{posts_of(rule.posts)}"),
        (_("提前提醒"), "、".join(_("到期前%(n)d天") % {"n": n} if n else _("到期当天") for n in rule.lead)),
        (_("同时告诉"), _("本人") if rule.self else ""),
        (_("逾期后"), "；".join(
            _("满%(after)d天报%(up)s的%(posts)s")
            % {"after": step.after, "up": _UP.get(step.up, _("更上级")), "posts": posts_of(step.posts)}
            for step in rule.ladder
        ) + (_("。已经知道的人不再重复上报，改报再上一级；上面没有别人的，不再上报") if rule.ladder else "")
         if not rule.never_late else _("不算逾期，不上报")),
        (_("没有按期的"), _("凭依据登记“未按期”，写明原因和补救；由此办结，不算按期，补办的一次不再算到别期")
         if rule.missed else ""),
        (_("遇休息日"), _("提醒顺延到下一个工作日，期限不变") if rule.moves else ""),
        (_("静默时段"), _quiet(rule)),
        (_("一次约需"), _("%(minutes)d 分钟，填 %(fields)d 项（估计）")
         % {"minutes": rule.minutes, "fields": rule.fields} if rule.minutes else ""),
    ]  # fmt: skip
    return [(label, words) for label, words in rows if words]


def _quiet(rule: DutyRule) -> str:
    begins, ends = quiet_hours(rule.quiet)
    if begins == ends:
        return _("没有，随时可发")
    words = {"begins": f"{begins:%H:%M}", "ends": f"{ends:%H:%M}"}
    if rule.quiet:
        return _("%(begins)s 至 %(ends)s 不向站外发，之后补发（这条规则自定）") % words
    return _("%(begins)s 至 %(ends)s 不向站外发，之后补发（全平台的设置）") % words


_UP = {0: "本级", 1: "上一级", 2: "再上一级"}


def _closing(actor: Actor, rule: DutyRule, today: date) -> Closing:
    rows = duties_visible(actor, theirs=False).filter(rule=rule.id, state=DutyState.CLOSED)
    rows = rows.filter(closed_on__gt=today - timedelta(days=LOOKED_BACK)).order_by()
    as_missed = Case(When(closed_by__kind=rule.missed or None, then=True), default=False, output_field=BooleanField())
    spans = rows.annotate(as_missed=as_missed).values_list("opened_on", "closed_on", "due", "as_missed")
    return closing([(*row[:3], row[4], row[3]) for row in spans.annotate(n=Count("pk")) if row[1] is not None])
