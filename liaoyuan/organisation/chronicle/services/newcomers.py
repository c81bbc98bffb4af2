"""The milestones of many people taken in at once: one statement inside the database.

``people_follow`` reads every row, compares and writes; of people who came in this very transaction nothing can be
recorded yet, and a roster brings a hundred thousand of them. The rows are the same that ``people_follow`` would write.
"""

from datetime import datetime

from django.db import connection

from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import clock
from liaoyuan.kernel.bulk import moment
from liaoyuan.kernel.bus import publish
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.ids import new_id
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle import milestones
from liaoyuan.organisation.chronicle.events import FactsRecorded

# A fresh UUIDv7's first 24 digits, and a count in place of its last 8: keys that ascend, as the index likes them.
_BY_VENDOR = {
    "sqlite": {"key": "%s || printf('%%08x', row_number() OVER ())", "source": "standing.id", "false": "0"},
    "postgresql": {
        "key": "CAST(%s || lpad(to_hex(row_number() OVER ()), 8, '0') AS uuid)",
        "source": "replace(CAST(standing.id AS text), '-', '')",
        "false": "false",
    },
}
_STATEMENT = """
INSERT INTO chronicle_fact (id, kind, person_id, unit_id, path, occurred_on, recorded_at, recorded_by, payload,
    source_app, source_id, void, reason)
SELECT {key}, CASE standing.kind {cases} END, person.id, unit.id, unit.path, standing.since, %s, %s, '{{}}',
    'members', {source}, {false}, ''
FROM members_standing standing
JOIN members_person person ON person.id = standing.person_id
JOIN units_unit unit ON unit.id = person.unit_id
WHERE person.created_at >= %s AND standing.since <= %s AND standing.kind IN ({kinds})
ON CONFLICT DO NOTHING
"""


def standings_begin(*, actor: Actor, since: datetime) -> int:
    """Record the milestones of standing of everybody taken in since ``since`` (a moment of this transaction). Returns
    how many facts were written; telling twice writes none. The caller has authorised the people."""
    kinds = sorted(milestones.OF_STANDING)
    parts = _BY_VENDOR[connection.vendor]
    cases = " ".join(["WHEN %s THEN %s"] * len(kinds))
    statement = _STATEMENT.format(**parts, cases=cases, kinds=", ".join(["%s"] * len(kinds)))
    named = [word for kind in kinds for word in (kind, milestones.OF_STANDING[kind])]
    keys = new_id().hex[:24]
    values = [keys, *named, moment(clock.now()), actor.name[:80], moment(since), clock.today().isoformat(), *kinds]
    with unit_of_work():
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            written = max(0, cursor.rowcount)
        if written:
            record(actor, "chronicle.follow", detail={"source": "members", "added": written})
            publish(FactsRecorded(milestones.STANDINGS, frozenset(), frozenset(), everybody=True))
    return written
