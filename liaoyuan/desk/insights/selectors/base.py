"""The map base in use: the newest approved one, else the shipped one."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

from liaoyuan.desk.insights.models import MapBase
from liaoyuan.desk.insights.policies import can_replace_base
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor

SHIPPED = "dist/map/base.json"


@dataclass(frozen=True, slots=True)
class Base:
    """A base as it is served: the JSON and its gzip."""

    digest: str
    plain: bytes
    packed: bytes


def base_digest() -> str:
    """The digest of the base in use: part of its address, so that browsers keep it for good."""
    row = current_base()
    return row.digest if row is not None else _shipped(*_shipped_stamp()).digest


def current_base() -> MapBase | None:
    """The approved base in use; None where the shipped one is."""
    return MapBase.objects.filter(ended_at__isnull=True).select_related("file").order_by("-uploaded_at").first()


def base_bytes(digest: str) -> Base:
    """The base with this digest, if it is the one in use. NotInScope otherwise."""
    row = current_base()
    found = _shipped(*_shipped_stamp()) if row is None else _uploaded(str(row.pk), row.digest)
    if found.digest != digest:
        raise NotInScope()
    return found


def base_history(actor: Actor) -> list[MapBase]:
    """Every approved base so far, the latest first, for who may replace it."""
    can_replace_base(actor).require()
    return list(MapBase.objects.order_by("-uploaded_at")[:50])


def _shipped_stamp() -> tuple[str, float]:
    """The shipped file and its time of change; "" where the front end has not been built."""
    found = finders.find(SHIPPED)
    path = Path(found) if isinstance(found, str) else Path(settings.STATIC_ROOT) / SHIPPED
    return (str(path), path.stat().st_mtime) if path.is_file() else ("", 0.0)


@lru_cache(maxsize=2)
def _shipped(path: str, stamp: float) -> Base:
    data = Path(path).read_bytes() if path else b'{"type":"FeatureCollection","features":[]}'
    return _packed(hashlib.sha256(data).hexdigest()[:32], data)


@lru_cache(maxsize=2)
def _uploaded(key: str, digest: str) -> Base:
    row = MapBase.objects.select_related("file").get(pk=key)
    with row.file.blob.open("rb") as stream:
        return _packed(digest, stream.read())


def _packed(digest: str, data: bytes) -> Base:
    return Base(digest, data, gzip.compress(data, 9, mtime=0))
