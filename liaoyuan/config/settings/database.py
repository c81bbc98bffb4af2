"""SQLite in the instance's home, or PostgreSQL by DATABASE_URL; cache; background tasks."""

from urllib.parse import parse_qsl, unquote, urlsplit

from liaoyuan.config.options import options

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _sqlite() -> dict[str, object]:
    """WAL and IMMEDIATE: readers never wait, writers queue up to 20 s instead of failing half-way. Every thread has a
    connection and with it a cache: small ones keep a web process under 150 MB, the system caches the file anyway."""
    home = options().home
    home.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": home / "liaoyuan.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000; "
                "PRAGMA cache_size=-8000; PRAGMA mmap_size=33554432; PRAGMA temp_store=MEMORY"
            ),
        },
    }


def _postgresql(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    return {
        "ENGINE": "liaoyuan.kernel.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


_url = options().database_url
if _url and not _url.startswith(("postgres://", "postgresql://")):
    raise ValueError("DATABASE_URL 只支持 postgresql://…；使用 SQLite 时请留空。")
DATABASES = {"default": _postgresql(_url) if _url else _sqlite()}


def redis_cache(url: str) -> dict[str, object]:
    """The cache over the Redis at ``url``. A server that hangs holds a page up for a second,
    then pages do without it for a while."""
    return {
        "BACKEND": "liaoyuan.kernel.redis_cache.PatientRedisCache",
        "LOCATION": url,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }


CACHES = {
    "default": redis_cache(options().redis_url)
    if options().redis_url
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default"],
    }
}
