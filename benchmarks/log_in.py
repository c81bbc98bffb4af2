"""Log-in against the hash alone, on both databases.

One log-in is a whole POST of the form through the WSGI application: a fresh browser, the right password, rate limit,
lock-out, hash, session, audit, commit. The other side is one bare check of the same password against the same hash.
They alternate one by one in one process; a window is ten of each, the ratio of its medians is one pair.
"""

import gc
import io
import json
import os
import statistics
import sys
import time
from typing import Any
from urllib.parse import urlencode

from benchmarks.pairs import Result, percentile, quartiles
from benchmarks.world import world
from liaoyuan.foundation.accounts.hashers import TunedArgon2Hasher

AIM, WINDOWS, EACH, WARM = 1.15, 24, 10, 5
PASSWORD = "Xinghuo-2026!"
_NAME = "登录 ÷ 只做口令散列"


def measure(people: int, small: int) -> list[Result]:
    """One row for each database."""
    return [_database(database, people) for database in ("sqlite", "postgresql")]


def _database(database: str, people: int) -> Result:
    text = world(people, database).run(sys.executable, "-m", "benchmarks.log_in")
    windows: list[list[list[float]]] = json.loads(text.splitlines()[-1])
    ratios = [statistics.median(mine) / statistics.median(bare) for mine, bare in windows]
    low, middle, high = quartiles(ratios)
    whole, bare = (1000 * percentile([one for pair in windows for one in pair[side]], 0.5) for side in (0, 1))
    shown = f"{whole:.1f} ms", f"{bare:.1f} ms"
    note = f"argon2id, {TunedArgon2Hasher.memory_cost // 1024} MiB, {TunedArgon2Hasher.time_cost} passes"
    return Result(_NAME, database, *shown, round(middle, 3), round(low, 3), round(high, 3), AIM, high <= AIM, note)


# — what runs in the process of the instance —


def _environ(username: str) -> dict[str, object]:
    """One log-in as a browser sends it."""
    from django.middleware.csrf import _get_new_csrf_string, _mask_cipher_secret

    secret = _get_new_csrf_string()
    fields = {"login": username, "password": PASSWORD, "csrfmiddlewaretoken": _mask_cipher_secret(secret)}
    body = urlencode(fields).encode()
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/account/login/",
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT": "text/html",
        "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Chrome/120",
        "HTTP_COOKIE": f"csrftoken={secret}",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.version": (1, 0),
    }


def _post(application: Any, environ: dict[str, object]) -> None:
    """One log-in. Raises SystemExit unless it went through."""
    seen: list[str] = []
    response = application(environ, lambda status, headers, info=None: seen.append(status))
    for _chunk in response:
        pass
    response.close()
    if not seen[0].startswith("302"):
        raise SystemExit(f"the log-in answered {seen[0]}")


def _windows() -> list[list[list[float]]]:
    """Seconds of every log-in and of every bare check, by window."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.config.settings")
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()

    from django.contrib.auth.hashers import check_password, make_password

    from liaoyuan.foundation.accounts.models import User

    encoded = make_password(PASSWORD)
    accounts = [
        User(username=f"bench{number:05d}", display_name="测速", password=encoded, must_change_password=False)
        for number in range(WINDOWS * EACH + WARM)
    ]
    User.objects.filter(username__startswith="bench").delete()
    User.objects.bulk_create(accounts)
    names = iter([user.username for user in accounts])
    for _ in range(WARM):
        _post(application, _environ(next(names)))
        check_password(PASSWORD, encoded)
    gc.collect()
    gc.freeze()  # as the server does before it forks
    windows = []
    for _ in range(WINDOWS):
        mine, bare = [], []
        for number in range(EACH):
            browser = _environ(next(names))
            for side in (mine, bare) if number % 2 == 0 else (bare, mine):
                begun = time.perf_counter()
                if side is mine:
                    _post(application, browser)
                else:
                    check_password(PASSWORD, encoded)
                side.append(time.perf_counter() - begun)
        windows.append([mine, bare])
    User.objects.filter(username__startswith="bench").delete()
    return windows


if __name__ == "__main__":
    print(json.dumps(_windows()))
