"""People, their histories, posts and grants by the hundred thousand, for the roster.

The roster has authorised, checked every rule and holds the tree lock; here rows are only derived and written. What an
existing person loses or gains one by one goes through the ordinary verbs, so that histories, grants and events follow.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from liaoyuan.kernel.bulk import Step, insert_rows, moment, new_ids, update_rows
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.crypto import blind_indexes, encrypt_many
from liaoyuan.organisation.members import codes
from liaoyuan.organisation.members.columns import ID_PURPOSE, ID_TAIL_PURPOSE
from liaoyuan.organisation.members.models import Membership, MembershipKind, Person, Standing, Tenure
from liaoyuan.organisation.members.rules.admission import FULL, PROBATIONARY, AdmissionDates, standing_history
from liaoyuan.organisation.members.rules.fields import PersonData
from liaoyuan.organisation.members.rules.identity import id_tail
from liaoyuan.organisation.members.rules.naming import name_keys, name_tails
from liaoyuan.organisation.units.models import Grant, GrantSource, Post, Role
from liaoyuan.organisation.units.services import totp_recompute

_CHUNK = 4000
_PERSON = (
    "id", "number", "name", "pinyin", "initials", "name_2", "name_3", "name_4", "sex", "ethnicity", "birth_date",
    "id_number", "id_index", "id_tail_index", "phone", "native_place", "education", "category", "rank", "rank_order",
    "position", "user", "dues_base", "photo", "unit", "group", "home_path", "attached_unit", "attached_path",
    "standing", "joined_on", "full_since", "active", "left_on", "left_reason", "created_at", "updated_at",
)  # fmt: skip
_MEMBERSHIP = (
    "id",
    "person",
    "kind",
    "unit",
    "group",
    "since",
    "until",
    "reason",
    "source",
    "source_id",
    "recorded_at",
)
_STANDING = ("id", "person", "kind", "since", "until", "basis", "recorded_at")


@dataclass(slots=True)
class NewPerson:
    """Somebody to be taken in. Ids are hex; ``unit`` and ``group`` are (id, path); ``since`` the first day of the home
    membership. ``attached`` is the branch he is attached to today, if any."""

    number: str
    data: PersonData
    standing: str
    dates: AdmissionDates
    unit: tuple[str, str]
    group: tuple[str, str] | None
    since: date
    user: str | None = None
    attached: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class NewMembership:
    """An attachment to be written; ids are hex."""

    person: str
    unit: str
    since: date
    until: date | None
    reason: str
    source: str
    source_id: str


@dataclass(frozen=True, slots=True)
class NewTenure:
    """A post to be given; ids are hex, ``path`` is the unit's, ``user`` the person's account, if any."""

    person: str
    user: str | None
    unit: str
    unit_name: str
    path: str
    post: Post
    role: Role | None
    since: date
    until: date | None


def people_create(
    wanted: Sequence[NewPerson], *, reason: str, source: str, basis: str, step: Step | None = None
) -> list[str]:
    """Take in ``wanted``: person, standing history, home membership. Returns their ids (hex) in order. ``step`` hears
    of every person once for each of the three.

    The rows are made in chunks, so that no more than a few thousand people are in memory twice."""
    keys, stamp = new_ids(len(wanted)), moment(now())
    made = (
        (Person, _PERSON, lambda chunk, ids: _person_rows(chunk, ids, stamp)),
        (Standing, _STANDING, lambda chunk, ids: _standing_rows(chunk, ids, basis, stamp)),
        (Membership, _MEMBERSHIP, lambda chunk, ids: _home_rows(chunk, ids, reason, source, stamp)),
    )
    for model, fields, rows in made:
        insert_rows(model, fields, _chunked(wanted, keys, rows, step))
    return keys


def _chunked(
    wanted: Sequence[NewPerson], keys: Sequence[str], rows: Callable[..., Iterator[tuple[Any, ...]]], step: Step | None
) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        yield from rows(chunk, keys[start : start + _CHUNK])
        if step is not None:
            step(len(chunk))


def _person_rows(chunk: Sequence[NewPerson], keys: Sequence[str], stamp: str) -> Iterator[tuple[Any, ...]]:
    numbers = [one.data.id_number for one in chunk]
    sealed = encrypt_many(numbers)
    phones = encrypt_many([one.data.phone for one in chunk])
    whole = blind_indexes(numbers, purpose=ID_PURPOSE)
    tails = blind_indexes([id_tail(number) for number in numbers], purpose=ID_TAIL_PURPOSE)
    for index, one in enumerate(chunk):
        data, dates, group = one.data, one.dates, one.group
        joined, full = days_of_membership(one.standing, dates)
        yield (
            keys[index], one.number, data.name, *name_keys(data.name), *name_tails(data.name), data.sex,
            data.ethnicity, iso(data.birth_date), sealed[index], whole[index], tails[index], phones[index],
            data.native_place, data.education, data.category, data.rank, codes.rank_order(data.rank), data.position,
            one.user, data.dues_base, None, one.unit[0], group[0] if group else None, (group or one.unit)[1],
            one.attached[0] if one.attached else None, one.attached[1] if one.attached else None,
            one.standing, iso(joined), iso(full), True, None, "", stamp, stamp,
        )  # fmt: skip


def days_of_membership(standing: str, dates: AdmissionDates) -> tuple[date | None, date | None]:
    """``joined_on`` and ``full_since`` as ``services.standing`` would derive them from the history the dates tell."""
    history = standing_history(standing, dates)
    joined = max((span.since for span in history if span.value == PROBATIONARY and span.since), default=None)
    full = min((span.since for span in history if span.value == FULL and span.since), default=None)
    if standing in {"suspended", "ended"}:
        return dates.accepted_on, dates.full_on
    return joined, full


def _standing_rows(
    chunk: Sequence[NewPerson], keys: Sequence[str], basis: str, stamp: str
) -> Iterator[tuple[Any, ...]]:
    for one, key in zip(chunk, keys, strict=True):
        spans = standing_history(one.standing, one.dates)
        for row_id, span in zip(new_ids(len(spans)), spans, strict=True):
            yield row_id, key, span.value, iso(span.since), iso(span.until), basis, stamp


def _home_rows(
    chunk: Sequence[NewPerson], keys: Sequence[str], reason: str, source: str, stamp: str
) -> Iterator[tuple[Any, ...]]:
    for one, key, row_id in zip(chunk, keys, new_ids(len(chunk)), strict=True):
        group = one.group[0] if one.group else None
        yield (
            row_id, key, MembershipKind.HOME.value, one.unit[0], group, one.since.isoformat(), None, reason, source,
            None, stamp,
        )  # fmt: skip


def attachments_create(wanted: Iterable[NewMembership], *, step: Step | None = None) -> int:
    """Write attachments. The persons' own columns are the caller's (``NewPerson.attached``, ``attached_set``)."""
    stamp = moment(now())
    rows = (
        (
            uuid, one.person, MembershipKind.ATTACHED.value, one.unit, None, one.since.isoformat(), iso(one.until),
            one.reason, one.source, one.source_id, stamp,
        )
        for one in wanted
        for uuid in new_ids(1)
    )  # fmt: skip
    return insert_rows(Membership, _MEMBERSHIP, rows, step=step)


def attached_set(rows: Iterable[tuple[str, str, str]]) -> int:
    """Show where people are attached now: ``(person id, unit id, unit path)``."""
    values = ((unit, path, person) for person, unit, path in rows)
    return update_rows(Person, ("attached_unit", "attached_path"), values)


def person_columns_set(changes: Mapping[str, Mapping[str, Any]], *, step: Step | None = None) -> int:
    """Set stored columns of existing people by id (hex): each gets the columns of its mapping (values as stored),
    people with the same columns in one statement."""
    stamp = moment(now())
    groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for key, values in changes.items():
        names = tuple(values)
        groups.setdefault(names, []).append((*values.values(), stamp, key))
    return sum(update_rows(Person, (*names, "updated_at"), rows, step=step) for names, rows in groups.items())


def tenures_create(wanted: Sequence[NewTenure], *, step: Step | None = None) -> list[str]:
    """Give posts, and to those with an account the grants that come with them. Returns the tenures' ids in order."""
    ids, stamp = new_ids(len(wanted)), moment(now())
    fields = ("id", "person", "unit", "post", "since", "until", "note", "recorded_at")
    rows = (
        (key, one.person, one.unit, one.post.pk.hex, one.since.isoformat(), iso(one.until), "", stamp)
        for key, one in zip(ids, wanted, strict=True)
    )
    insert_rows(Tenure, fields, rows, step=step)
    grants = [
        (
            new_ids(1)[0], one.user, one.role.pk.hex, one.unit, one.path, one.since.isoformat(), iso(one.until),
            GrantSource.TENURE.value, key, None, f"任{one.unit_name}{one.post.name}"[:200], stamp, None, "",
        )
        for key, one in zip(ids, wanted, strict=True)
        if one.user is not None and one.role is not None
    ]  # fmt: skip
    grant_fields = (
        "id", "user", "role", "unit", "path", "since", "until", "source", "source_id", "given_by", "reason",
        "created_at", "ended_at", "end_reason",
    )  # fmt: skip
    insert_rows(Grant, grant_fields, grants)
    if grants:
        totp_recompute()
    return ids


def earliest_home(founded: date | None, birth: date | None, *, on: date) -> date:
    """From when a person newly taken in by a roster belongs to his branch: a roster does not tell the day, so it is the
    branch's founding, or his eighteenth birthday where that is later; never later than ``on``. The membership's
    reason says that it was assumed."""
    grown = birth.replace(year=birth.year + 18, day=min(birth.day, 28)) if birth else None
    return min(max(day for day in (founded, grown, date(1921, 7, 1)) if day is not None), on)


def iso(day: date | None) -> str | None:
    """A day as both databases store it."""
    return None if day is None else day.isoformat()


def standings_replace(wanted: Mapping[str, tuple[str, AdmissionDates]], *, basis: str, step: Step | None = None) -> int:
    """Make the standing history of existing people (id in hex → standing and dates) what their dates tell; rows that
    say the same keep their basis. The persons' own columns follow."""
    kept: dict[tuple[str, str, date | None], str] = {}
    keys = list(wanted)
    for start in range(0, len(keys), _CHUNK // 8):
        old = Standing.objects.filter(person_id__in=keys[start : start + _CHUNK // 8])
        for person, kind, since, words in old.values_list("person_id", "kind", "since", "basis"):
            kept[person.hex, kind, since] = words
        old.delete()
    stamp = moment(now())
    rows, columns = [], {}
    for key, (standing, dates) in wanted.items():
        for span in standing_history(standing, dates):
            words = kept.get((key, span.value, span.since), basis)
            rows.append((new_ids(1)[0], key, span.value, iso(span.since), iso(span.until), words, stamp))
        joined, full = days_of_membership(standing, dates)
        columns[key] = {"standing": standing, "joined_on": iso(joined), "full_since": iso(full)}
    insert_rows(Standing, _STANDING, rows, step=step)
    return person_columns_set(columns)


def secret_columns(data: Mapping[str, str]) -> dict[str, Any]:
    """The stored columns of a new ID number and phone (whichever ``data`` names)."""
    columns: dict[str, Any] = {}
    if "id_number" in data:
        number = data["id_number"]
        columns["id_number"] = encrypt_many([number])[0]
        columns["id_index"] = blind_indexes([number], purpose=ID_PURPOSE)[0]
        columns["id_tail_index"] = blind_indexes([id_tail(number)], purpose=ID_TAIL_PURPOSE)[0]
    if "phone" in data:
        columns["phone"] = encrypt_many([data["phone"]])[0]
    return columns


def name_columns(name: str) -> dict[str, str]:
    """The stored columns that follow from a name."""
    columns = ("name", "pinyin", "initials", "name_2", "name_3", "name_4")
    return dict(zip(columns, (name, *name_keys(name), *name_tails(name)), strict=True))
