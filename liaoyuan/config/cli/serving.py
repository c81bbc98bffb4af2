"""``serve``, and its parts apart for many machines: ``web``, ``worker``, ``scheduler``."""

import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import socket

    from liaoyuan.config.supervisor import Child

Host = Annotated[str | None, typer.Option(help="监听地址，默认取设置 LIAOYUAN_HOST。")]
Port = Annotated[int | None, typer.Option(min=1, max=65535, help="监听端口，默认取设置 LIAOYUAN_PORT。")]
Workers = Annotated[int | None, typer.Option(min=1, max=64, help="网页进程数，默认取设置 LIAOYUAN_WEB_WORKERS。")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(help="启动整个实例：网页、任务、定时，全部在一个进程树中。首次启动会建好数据库。")(serve)
    app.command(help="只启动网页进程（多机部署）。")(web)
    app.command(help="只启动任务进程（多机部署）。")(worker)
    app.command(help="只启动定时进程（多机部署，可多处启动，只有一处干活）。")(scheduler)


def serve(
    host: Host = None,
    port: Port = None,
    workers: Workers = None,
    demo: Annotated[bool, typer.Option("--demo", help="演示模式：首次启动载入演示旅，登录页列出演示账号。")] = False,
) -> None:
    """Prepare, then run everything until SIGTERM or Ctrl+C."""
    _override(host, port, workers, demo)
    with _Instance() as instance:
        listener = instance.listen()
        ready = _begin(instance.prepare)
        if instance.static_outdated():
            ready()  # the product reads the list of static files while it loads
        children = [*instance.web(listener), instance.worker(), instance.scheduler()]  # loads while the child prepares
        ready()
        instance.supervise(children)


def web(host: Host = None, port: Port = None, workers: Workers = None) -> None:
    """Web processes alone. The database must be migrated."""
    _override(host, port, workers, demo=False)
    with _Instance(single=False) as instance:
        listener = instance.listen()
        ready = _begin(instance.check)
        if instance.static_outdated():
            ready()
        children = instance.web(listener)
        ready()
        instance.supervise(children)


def worker(count: Annotated[int, typer.Option(min=1, max=64, help="任务进程数。")] = 1) -> None:
    """Task workers alone. The database must be migrated."""
    with _Instance(single=False) as instance:
        _begin(instance.check)()
        instance.supervise([instance.worker(number) for number in range(1, count + 1)])


def scheduler() -> None:
    """The scheduler alone; a second one stands by."""
    with _Instance(single=False) as instance:
        _begin(instance.check)()
        instance.supervise([instance.scheduler()])


def _override(host: str | None, port: int | None, workers: int | None, demo: bool) -> None:
    """What the command line says wins over the environment, and the children see it too."""
    given = {"HOST": host, "PORT": port, "WEB_WORKERS": workers, "DEMO": "true" if demo else None}
    os.environ.update({f"LIAOYUAN_{name}": str(value) for name, value in given.items() if value is not None})


class _Instance:
    """The steps of starting, in order. ``single`` refuses a second ``serve`` on the same home."""

    def __init__(self, *, single: bool = True) -> None:
        from liaoyuan.config.cli.starting import set_up

        set_up(collect=False)
        from django.conf import settings

        self.options = settings.LIAOYUAN
        self.single = single

    def __enter__(self) -> "_Instance":
        from liaoyuan.config.cli.errors import Refused
        from liaoyuan.config.locks import HomeClaim

        self.claim = HomeClaim()
        if self.single and not self.claim.acquire():
            raise Refused(f"{self.options.home} 已有一个实例在运行（进程号 {self.claim.holder()}）。")
        return self

    def __exit__(self, *error: object) -> None:
        self.claim.release()

    def listen(self) -> "socket.socket":
        from liaoyuan.config.cli.errors import WRONG, Refused
        from liaoyuan.config.processes import web as process

        try:
            return process.listen(self.options.host, self.options.port)
        except OSError as error:
            where = f"{self.options.host}:{self.options.port}"
            raise Refused(
                f"无法监听 {where}（{error.strerror}）。请换一个端口：liaoyuan serve --port 8001。", code=WRONG
            ) from error

    def prepare(self) -> None:
        """Tables, static files, demo. Run apart: the parent stays small and holds no connection."""
        from liaoyuan.config import prepare

        prepare.database(_say)
        prepare.static_files(_say)
        if self.options.demo:
            from liaoyuan.desk.demo import commands

            commands.load_if_empty(say=_say)

    def static_outdated(self) -> bool:
        """Whether this build's static files have yet to be collected: on the first start and after an update."""
        from liaoyuan.config import prepare

        return not prepare.static_is_current()

    def check(self) -> None:
        """The tables and the static files must be this version's. Run apart, too."""
        from liaoyuan.config import prepare
        from liaoyuan.config.cli.starting import require_migrated

        require_migrated()
        prepare.static_files(_say)

    def web(self, listener: "socket.socket") -> "list[Child]":
        from liaoyuan.config.processes import web as process
        from liaoyuan.config.supervisor import Child

        process.load()
        run = partial(process.run, listener)
        return [Child(f"web-{number}", run) for number in range(1, self.options.web_workers + 1)]

    def worker(self, number: int = 1) -> "Child":
        from liaoyuan.config.processes import worker as process
        from liaoyuan.config.supervisor import Child

        return Child(f"worker-{number}", process.run)

    def scheduler(self) -> "Child":
        from liaoyuan.config.processes import scheduler as process
        from liaoyuan.config.supervisor import Child

        return Child("scheduler", process.run)

    def supervise(self, children: "list[Child]") -> None:
        from liaoyuan.config.supervisor import Supervisor

        if any(child.name.startswith("web") for child in children):
            self._announce()
        raise typer.Exit(Supervisor(children).run())

    def _announce(self) -> None:
        host = f"[{self.options.host}]" if ":" in self.options.host else self.options.host
        _say(f"燎原已启动：http://{host}:{self.options.port}/   （Ctrl+C 停止）")
        if self.options.demo:
            _begin(_show_logins)  # says them while the pages come up


def _show_logins() -> None:
    from liaoyuan.desk.demo import commands

    for line in commands.login_lines():
        _say(line)


def _begin(step: Callable[[], None]) -> Callable[[], None]:
    """Start ``step`` in a child; calling the result waits for it and ends us with its exit code where it failed.
    Calling it again does nothing."""
    from liaoyuan.config.cli.errors import told
    from liaoyuan.config.supervisor import begin_apart

    waits = [begin_apart(lambda: told(step))]

    def finish() -> None:
        code = waits.pop()() if waits else 0
        if code:
            raise typer.Exit(code)

    return finish


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  the command line's own voice
