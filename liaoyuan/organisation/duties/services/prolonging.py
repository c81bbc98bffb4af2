"""A term that is made longer by a decision: to a day after its end, not beyond what the text allows."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.foundation.regulations.limits import limits_at
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.results import Allowed, Decision
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.selectors.day import Day, Only
from liaoyuan.organisation.duties.selectors.instances import latest_end, own_end
from liaoyuan.organisation.duties.selectors.openings import openings


class Prolonging:
    """Duties as the keeper of the kinds that make a term longer (``chronicle.hands``). Who may say so is the kind's
    own matter (``FactKind.above``)."""

    def may(self, actor: Actor, kind: str, person_id: UUID | None) -> Decision:
        """Nothing to ask beside that."""
        return Allowed()

    def take(self, actor: Actor, fact: Any) -> None:
        """Raises DomainError (field ``until``, with the clause) for a day that does not come after the end of the term
        that ran when it was decided, or comes too long after it. Nothing is asked where no term
        runs."""
        rule = next(one for one in registry.all_rules() if one.prolongs == fact.kind)
        try:
            until = date.fromisoformat(str(fact.payload["until"]))
        except ValueError:
            raise DomainError(_("请填写延期到哪一天。"), field="until") from None
        person = rule.subject == "person"
        only = Only(people=frozenset({fact.person_id})) if person else Only(units=frozenset({fact.unit_id}))
        day = Day(fact.occurred_on, fact.occurred_on, only=only)
        term = _("原定期限") if person else _("这一任期")
        for opening in openings(day, rule, only, closing=()):
            ends = own_end(day, rule, opening)
            if ends is None:
                continue
            last, limit = latest_end(day, rule, opening, ends), limits_at(fact.path)(rule.prolongs_most, day.on)
            if until <= ends:
                words = _("%(term)s到 %(ends)s 届满，延期应到那以后的一天。") % {"term": term, "ends": ends}
                raise DomainError(words, field="until", clause=limit.clause)
            if until > last:
                words = _("%(term)s到 %(ends)s 届满，延期一般不超过%(most)s，最迟到 %(last)s。")
                told = {"term": term, "ends": ends, "most": limit.words, "last": last}
                raise DomainError(words % told, field="until", clause=limit.clause)

    def holds(self, fact: Any) -> bool:
        """It is mended in the chronicle, by whoever may at the unit above."""
        return False
