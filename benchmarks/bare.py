"""The yardstick: a bare Django page with one query and fifty rows, and a bare single-row view, on the same server.

Same database, same uvicorn and WSGI threads as the product; no log-in, no middleware, no scope.
"""

import os
import sys
from urllib.parse import urlsplit

import django
from django.conf import settings

TEMPLATE = """<!doctype html><html><head><title>rows</title></head><body><table>
{% for row in rows %}<tr><td>{{ row.number }}</td><td>{{ row.name }}</td><td>{{ row.rank }}</td>
<td>{{ row.position }}</td><td>{{ row.standing }}</td><td>{{ row.birth_date }}</td>
<td>{{ row.native_place }}</td><td>{{ row.home_path }}</td></tr>
{% endfor %}</table></body></html>"""


def database() -> dict[str, object]:
    """The product's database, by the same environment."""
    url = urlsplit(os.environ.get("DATABASE_URL", ""))
    if url.scheme:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path.lstrip("/"),
            "USER": url.username,
            "PASSWORD": url.password,
            "HOST": url.hostname,
            "PORT": url.port or "",
            "CONN_MAX_AGE": 600,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"{os.environ['LIAOYUAN_HOME']}/liaoyuan.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
    }


settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="bare",
    DATABASES={"default": database()},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    USE_TZ=True,
)
django.setup()

from a2wsgi import WSGIMiddleware  # noqa: E402  after set-up
from django.core.wsgi import get_wsgi_application  # noqa: E402  after set-up
from django.db import models  # noqa: E402  after set-up
from django.http import HttpRequest, HttpResponse  # noqa: E402  after set-up
from django.template import Context, Template  # noqa: E402  after set-up
from django.urls import path  # noqa: E402  after set-up


class Row(models.Model):
    """The product's person table, read as it is."""

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=32)
    name = models.CharField(max_length=40)
    rank = models.CharField(max_length=12)
    rank_order = models.PositiveSmallIntegerField()
    position = models.CharField(max_length=40)
    standing = models.CharField(max_length=16)
    birth_date = models.DateField()
    native_place = models.CharField(max_length=60)
    home_path = models.CharField(max_length=64)

    class Meta:
        app_label = "bare"
        managed = False
        db_table = "members_person"

    def __str__(self) -> str:
        return self.name


_page = Template(TEMPLATE)


def rows(request: HttpRequest, prefix: str) -> HttpResponse:
    """Fifty rows of a subtree in order: one query."""
    found = Row.objects.filter(home_path__gte=prefix, home_path__lt=prefix + "~").order_by(
        "home_path", "rank_order", "id"
    )
    return HttpResponse(_page.render(Context({"rows": found[:50]})))


def row(request: HttpRequest, key: str) -> HttpResponse:
    """One row by its primary key."""
    return HttpResponse(Row.objects.get(pk=key).name)


urlpatterns = [path("rows/<str:prefix>/", rows), path("row/<uuid:key>/", row)]
application = WSGIMiddleware(get_wsgi_application(), workers=8)

if __name__ == "__main__":
    import uvicorn

    uvicorn.run(
        application,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        lifespan="off",
        log_level="warning",
        access_log=False,
        timeout_keep_alive=75,
    )
