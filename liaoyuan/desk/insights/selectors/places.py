"""The text version of the map: one line per place, for weak handhelds and without JavaScript."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from liaoyuan.desk.insights.selectors.cells import MapAnswer

TEXT_ZOOM = 8  # cells of 0.1 degrees: the same for everybody


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text version; ``key`` opens it."""

    label: str
    lon: float
    lat: float
    count: int
    checkin: int
    posting: int
    home: int
    fresh: int
    recent: int
    stale: int
    key: str


def lines_of(answer: MapAnswer) -> list[Line]:
    """The cells of an answer at TEXT_ZOOM as lines, the largest first."""
    return [
        Line(
            label=row[10] or _("未命名点位"),
            lon=row[0],
            lat=row[1],
            count=row[2],
            checkin=sum(row[3:6]),
            posting=sum(row[6:9]),
            home=row[9],
            fresh=row[3] + row[6],
            recent=row[4] + row[7],
            stale=row[5] + row[8],
            key=row[11],
        )
        for row in answer.cells
    ]
