"""One connection that asks again and again: a closed loop without think time."""

import gzip
import http.client
import time
from collections.abc import Callable


class Client:
    """A browser with a session cookie on one kept-alive connection."""

    def __init__(self, port: int, key: str = "", **headers: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Accept": "text/html", "Host": f"127.0.0.1:{port}", **headers}
        if key:
            self.headers["Cookie"] = f"sessionid={key}"

    def get(self, path: str) -> bytes:
        """The body, uncompressed. Raises SystemExit for anything but 200: a benchmark of an error page is a lie."""
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"GET {path} answered {answer.status}: {body[:300]!r}")
        return gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body

    def wire_size(self, path: str) -> int:
        """Bytes of the body as sent."""
        self.connection.request("GET", path, headers={**self.headers, "Accept-Encoding": "gzip"})
        return len(self.connection.getresponse().read())

    def window(self, *paths: str, requests: int = 12, before: Callable[[], object] | None = None) -> list[float]:
        """Seconds of each of ``requests`` requests, going round ``paths``; ``before`` each, untimed, something else."""
        taken = []
        for number in range(requests):
            if before is not None:
                before()
            begun = time.perf_counter()
            self.get(paths[number % len(paths)])
            taken.append(time.perf_counter() - begun)
        return taken
