"""Between duty rules and the rule book: where a rule's clause stands, and which rules cite a clause."""

from collections.abc import Iterator
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.foundation.regulations.citations import Citation, anchor
from liaoyuan.foundation.regulations.selectors import documents
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.selectors.instances import Instance


def clauses_of(rule: DutyRule) -> Iterator[tuple[str, str]]:
    """Every clause that a rule rests on, in every version of its text: (document id, number), each once."""
    seen: set[tuple[str, str]] = set()
    cited = [one for one in (rule.cites, *rule.limits) if one]
    for document in documents():
        numbers = [
            document.parameters[key].clause
            for family, _dot, key in (one.partition(".") for one in cited)
            if family == document.family and key in document.parameters
        ]
        family, _dot, number = rule.clause.partition(".")
        if family == document.family and number in document.clauses:
            numbers.append(number)
        for each in numbers:
            if (document.id, each) not in seen:
                seen.add((document.id, each))
                yield document.id, each


def citations() -> Iterator[Citation]:
    """For the rule book: every clause that a duty rule rests on, with the rule's page."""
    for rule in registry.all_rules():
        for document, number in clauses_of(rule):
            yield Citation(document, number, f"{rule.id} {rule.title}", reverse("duties:rule", args=[rule.id]))


def clause_url(one: Instance | None) -> str:
    """Where the rule book shows the clause that a duty rests on; "" where the rule is gone."""
    if one is None:
        return ""
    found = [(document, number) for document, number in clauses_of(one.rule) if _is(document, one.version)]
    where = f"#{anchor(*found[0])}" if found else ""
    return reverse("regulations:book") + where


def _is(document_id: str, version: str) -> bool:
    return any(one.id == document_id and version in {one.id, one.family} for one in documents())


def item_links(key: str) -> list[tuple[str, str]]:
    """What else can be done about a to-do in the inbox, by its key: put it off, hand it over, ask why."""
    try:
        duty = UUID(key.partition(":")[2])
    except ValueError:  # no duty's key
        return []
    address = reverse("duties:show", args=[duty])
    return [
        (_("暂缓"), reverse("duties:snooze", args=[duty]) + "#snooze"),
        (_("转交"), reverse("duties:hand_over", args=[duty]) + "#hand-over"),
        (_("为什么是我"), f"{address}#why"),
    ]
