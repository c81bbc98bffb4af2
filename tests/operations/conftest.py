"""Instances for the operators' tests: prepared once, copied for each test; on the database that the run tests."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.operations.instance import Instance

POSTGRESQL = os.environ.get("DATABASE_URL", "")


def fresh_database(name: str, *, like: str = "template0") -> str:
    """A DATABASE_URL of a database of its own, empty or a copy of ``like``; "" where the run tests SQLite."""
    if not POSTGRESQL:
        return ""
    name = f"liaoyuan_ops_{os.getpid()}_{name}"
    with psycopg.connect(POSTGRESQL, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    return urlunsplit(urlsplit(POSTGRESQL)._replace(path=f"/{name}"))


def drop_database(url: str) -> None:
    """Remove it again."""
    if url:
        name = urlsplit(url).path.lstrip("/")
        with psycopg.connect(POSTGRESQL, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@dataclass(frozen=True)
class Prepared:
    """A migrated, empty instance with its static files to copy: making either takes seconds."""

    home: Path
    url: str


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """Started and stopped once for all tests. What its clock may have queued meanwhile (a minute may turn) is dropped:
    tests count what is queued."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    home.mkdir()
    url = fresh_database("prepared")
    first = Instance(home, env={"DATABASE_URL": url})
    first.start()
    first.stop()
    first.shell("from django_tasks_db.models import DBTaskResult; DBTaskResult.objects.all().delete()")
    yield Prepared(home, url)
    drop_database(url)


@pytest.fixture(scope="module")
def make_instance(tmp_path_factory: pytest.TempPathFactory, prepared: Prepared) -> Iterator[Callable[..., Instance]]:
    """Make instances with their own homes (and databases); everything is stopped and dropped afterwards."""
    made: list[Instance] = []

    def make(*, migrated: bool = True, **env: str) -> Instance:
        home = tmp_path_factory.mktemp("instance") / "home"
        if migrated:
            shutil.copytree(prepared.home, home)
            (home / "keys.toml").unlink()  # every instance has its own
        else:
            home.mkdir()
        like = urlsplit(prepared.url).path.lstrip("/") if migrated else "template0"
        url = fresh_database(home.parent.name, like=like)
        made.append(Instance(home, env={"DATABASE_URL": url, **env}))
        return made[-1]

    yield make
    for instance in made:
        instance.stop()
        drop_database(instance.env.get("DATABASE_URL", ""))


@pytest.fixture
def instance(make_instance: Callable[..., Instance]) -> Instance:
    """One migrated, empty instance."""
    return make_instance()
