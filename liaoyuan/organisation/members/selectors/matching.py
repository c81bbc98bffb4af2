"""Rows about somebody or some unit, by what is typed into a list's search box."""

from typing import Any

from django.db.models import Q, QuerySet


def matching(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Rows whose ``person`` has the name, pinyin, initials or number, or whose ``unit`` the name or code; every word
    must match."""
    for word in text.split():
        low = word.lower()
        rows = rows.filter(
            Q(person__name__contains=word)
            | Q(person__pinyin__startswith=low)
            | Q(person__initials__startswith=low)
            | Q(person__number__in=[word, word.upper()])
            | Q(unit__name__contains=word)
            | Q(unit__code__in=[word, word.upper()])
        )
    return rows
