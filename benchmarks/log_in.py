"""Log-in against the hash alone: interleaved pairs, median ratio with its spread (docs/benchmarks.md).

    LIAOYUAN_HOME=/tmp/bench .venv/bin/python benchmarks/log_in.py [pairs]

Each pair is one whole POST of the log-in form through the WSGI application (a fresh browser, right password: rate
limit, lock-out, hash, session, audit) and one bare check of the same password against the same hash.
"""

import gc
import io
import os
import statistics
import sys
import time
from urllib.parse import urlencode

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.config.settings")
os.environ.setdefault("LIAOYUAN_ALLOWED_HOSTS", "testserver")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from django.contrib.auth.hashers import check_password, make_password  # noqa: E402  after set-up
from django.core.management import call_command  # noqa: E402  after set-up
from django.middleware.csrf import _get_new_csrf_string, _mask_cipher_secret  # noqa: E402  after set-up

from liaoyuan.foundation.accounts.models import User  # noqa: E402  after set-up

PASSWORD = "Xinghuo-2026!"


def environ(username: str) -> dict[str, object]:
    """One log-in as a browser sends it."""
    secret = _get_new_csrf_string()
    fields = {"login": username, "password": PASSWORD, "csrfmiddlewaretoken": _mask_cipher_secret(secret)}
    body = urlencode(fields).encode()
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/account/login/",
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "testserver",
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


def post(username: str) -> str:
    """The status of one log-in."""
    seen: list[str] = []
    response = application(environ(username), lambda status, headers, info=None: seen.append(status))
    for _chunk in response:
        pass
    response.close()
    return seen[0]


def main(pairs: int) -> None:
    """Print the ratios."""
    call_command("migrate", verbosity=0)
    encoded = make_password(PASSWORD)
    accounts = [
        User(username=f"bench{number:05d}", display_name="测速", password=encoded, must_change_password=False)
        for number in range(pairs + 5)
    ]
    User.objects.filter(username__startswith="bench").delete()
    User.objects.bulk_create(accounts)
    for user in accounts[:5]:
        assert post(user.username).startswith("302")
        check_password(PASSWORD, encoded)
    gc.collect()
    gc.freeze()  # as the server does before it forks
    clocks = {"wall": time.perf_counter, "cpu": time.process_time}
    pairs_by_clock: dict[str, list[tuple[float, float]]] = {name: [] for name in clocks}
    for user in accounts[5:]:
        start = {name: clock() for name, clock in clocks.items()}
        post(user.username)
        middle = {name: clock() for name, clock in clocks.items()}
        check_password(PASSWORD, encoded)
        for name, clock in clocks.items():
            pairs_by_clock[name].append((middle[name] - start[name], clock() - middle[name]))
    for name, found in pairs_by_clock.items():
        low, median, high = statistics.quantiles([whole / bare for whole, bare in found], n=4)
        bare = statistics.median(bare for _whole, bare in found) * 1000
        rest = statistics.median(whole - bare for whole, bare in found) * 1000
        print(f"{name}: hash {bare:.1f} ms, rest {rest:.2f} ms, ratio {median:.3f} (quartiles {low:.3f}–{high:.3f})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
