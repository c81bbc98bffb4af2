"""What can be wrong with an instance, each as a sentence that says what to do."""

import ipaddress
import shutil
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import redis
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.models import Max
from django_tasks_db.models import DBTaskResult

from liaoyuan.config import locks, prepare
from liaoyuan.config.options import strange_names
from liaoyuan.config.processes.scheduler import LOCK as SCHEDULER
from liaoyuan.config.processes.worker import GROUP as WORKER
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.regulations import selectors as regulations
from liaoyuan.foundation.regulations.rules import RegulationError
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.ids import new_id
from liaoyuan.organisation.duties import registry as duties
from liaoyuan.organisation.duties.rules.declared import RuleError

Level = Literal["ok", "warning", "error"]
LEAST_FREE = 200 * 2**20
LITTLE_FREE = 2 * 2**30
LONG_WAIT = timedelta(minutes=1)
CLOCK_DRIFT = timedelta(seconds=5)
BUILT_AFTER = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``error`` needs somebody today; ``warning`` some time."""

    name: str
    level: Level
    message: str

    def as_dict(self) -> dict[str, str]:
        """For --format json."""
        return asdict(self)


def examine() -> list[Finding]:
    """Look at everything. What depends on the database is left out where it does not answer."""
    findings = [_database()]
    if findings[0].level != "error":
        migrations = _migrations()
        findings.append(migrations)
        if migrations.level != "error":
            findings += [_clock(), _worker(), _scheduler(), _tasks()]
    for look in (_settings, _redis, _storage, _disk, _assets, _rule_book, _keys, _transport, _demo):
        findings.extend(look())
    return findings


def _ok(name: str, message: str) -> Finding:
    return Finding(name, "ok", message)


def _database() -> Finding:
    name = "数据库"
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA quick_check(1)")
                verdict = cursor.fetchone()[0]
                if verdict != "ok":
                    return Finding(name, "error", f"SQLite 文件已损坏（{verdict}）。请停机并从备份恢复。")
                return _ok(name, f"SQLite 完好（{settings.DATABASES['default']['NAME']}）。")
            cursor.execute("SELECT current_setting('server_version_num')::int")
            number = cursor.fetchone()[0] // 10000
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        return Finding(name, "error", f"连不上（{reason}）。请检查 DATABASE_URL 与数据库服务。")
    if number < 15:
        return Finding(name, "warning", f"PostgreSQL {number} 低于支持的 15。请升级。")
    return _ok(name, f"PostgreSQL {number} 可用。")


def _migrations() -> Finding:
    pending = prepare.pending_migrations()
    if pending:
        return Finding("迁移", "error", f"还有 {len(pending)} 个没有执行。请运行 liaoyuan manage migrate。")
    return _ok("迁移", "数据库与程序版本一致。")


def _clock() -> Finding:
    name = "时钟"
    moment = now()
    if moment < BUILT_AFTER:
        return Finding(name, "error", f"本机时间 {moment:%Y-%m-%d} 早于程序发布时间。请先校时：提醒与审计都依赖它。")
    newest = AuditEntry.objects.aggregate(at=Max("at"))["at"]
    if newest is not None and newest - moment > CLOCK_DRIFT:
        return Finding(name, "error", f"时钟倒退：最新审计记录在未来（{newest:%Y-%m-%d %H:%M:%S} UTC）。请校时。")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            drift = abs(cursor.fetchone()[0] - moment)
        if drift > CLOCK_DRIFT:
            return Finding(
                name, "warning", f"与数据库服务器相差 {drift.total_seconds():.0f} 秒。请让两台机器同步校时。"
            )
    return _ok(name, f"{moment:%Y-%m-%d %H:%M:%S} UTC，没有倒退。")


def _worker() -> Finding:
    count = locks.holders(WORKER)
    if not count:
        return Finding(
            "任务进程", "error", "没有任务进程在运行，导入等后台工作不会进行。请运行 liaoyuan serve 或 worker。"
        )
    return _ok("任务进程", f"{count} 个在运行。")


def _scheduler() -> Finding:
    if not locks.is_held(SCHEDULER):
        return Finding(
            "定时进程", "error", "没有定时进程在运行，到点的工作不会开始。请运行 liaoyuan serve 或 scheduler。"
        )
    return _ok("定时进程", "在运行。")


def _tasks() -> Finding:
    moment = now()
    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=moment - LONG_WAIT).count()
    failed = DBTaskResult.objects.failed().filter(finished_at__gt=moment - timedelta(days=1)).count()
    if waiting or failed:
        return Finding(
            "后台任务", "warning", f"{waiting} 个等了一分钟以上，{failed} 个在一天内失败。失败原因见任务进程的日志。"
        )
    return _ok("后台任务", "没有积压，一天内没有失败。")


def _settings() -> Iterator[Finding]:
    for name in strange_names():
        yield Finding("设置", "warning", f"没有名为 {name} 的设置，它不起作用。请对照设置一览改正或去掉。")


def _redis() -> Iterator[Finding]:
    url = settings.LIAOYUAN.redis_url
    if not url:
        return
    try:
        with redis.Redis.from_url(url, socket_timeout=3, socket_connect_timeout=3) as client:
            client.ping()
    except redis.RedisError as error:
        yield Finding("Redis", "error", f"连不上（{error}）。实时消息与缓存不可用。请检查 REDIS_URL。")
    else:
        yield _ok("Redis", "可用。")


def _storage() -> Iterator[Finding]:
    probe = f"probe/{new_id()}.txt"
    try:
        kept = default_storage.save(probe, ContentFile(b"liaoyuan"))
        with default_storage.open(kept) as file:
            same = file.read() == b"liaoyuan"
        default_storage.delete(kept)
    except Exception as error:  # every storage library has its own
        yield Finding("文件存储", "error", f"不可写（{error}）。请检查 STORAGE_URL，或目录的属主与空间。")
        return
    yield _ok("文件存储", "可读写。") if same else Finding("文件存储", "error", "写入后读回的内容不同。请检查磁盘。")


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.LIAOYUAN.home).free
    text = f"{settings.LIAOYUAN.home} 所在磁盘剩余 {free / 2**30:.1f} GiB。"
    if free < LEAST_FREE:
        yield Finding("磁盘", "error", text + "请立即清理，写满后数据库将停止工作。")
    elif free < LITTLE_FREE:
        yield Finding("磁盘", "warning", text + "请尽快清理或扩容。")
    else:
        yield _ok("磁盘", text)


def _assets() -> Iterator[Finding]:
    missing = prepare.assets_missing()
    if missing:
        yield Finding("前端文件", "error", f"缺少 {'、'.join(missing)}。请运行 make setup，或重新安装完整的安装包。")
    elif not prepare.static_is_current():
        yield Finding("前端文件", "warning", "还没有整理到静态目录。下次 liaoyuan serve 会自动完成。")
    else:
        yield _ok("前端文件", "已构建，完整。")


def _rule_book() -> Iterator[Finding]:
    """The regulations' files, and the duty rules that cite them."""
    try:
        documents = regulations.documents()
        wrong = duties.problems()
    except (RegulationError, RuleError) as error:
        yield Finding("法规", "error", f"{error}。请恢复安装包里的原文件。")
        return
    if wrong:
        yield Finding("法规", "error", f"{wrong[0]}（共 {len(wrong)} 处）。请重新安装完整的安装包。")
    else:
        yield _ok("法规", f"{len(documents)} 个文本、{len(duties.all_rules())} 条到点提醒规则，引用完整。")


def _keys() -> Iterator[Finding]:
    path = Path(settings.LIAOYUAN.home) / "keys.toml"
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        yield Finding("密钥", "error", f"{path} 的权限是 {mode:o}，别人也能读。请运行 chmod 600 {path}。")
    else:
        yield _ok("密钥", "只有本实例的用户可读。")


def _transport() -> Iterator[Finding]:
    options = settings.LIAOYUAN
    if options.https or _is_loopback(options.host):
        yield _ok("传输", "HTTPS 已启用。" if options.https else "只在本机监听。")
    else:
        yield Finding(
            "传输",
            "warning",
            f"在 {options.host} 上以明文提供服务。请在前面放置 HTTPS 代理，并设置 LIAOYUAN_HTTPS=true。",
        )
    if "*" in options.allowed_hosts:
        yield Finding("主机名", "warning", "LIAOYUAN_ALLOWED_HOSTS 含有 *。请只列出本站的主机名。")


def _demo() -> Iterator[Finding]:
    options = settings.LIAOYUAN
    for on, name, text in (
        (options.demo, "演示模式", "已打开，登录页会列出演示账号。正式使用前请关闭 LIAOYUAN_DEMO。"),
        (options.debug, "开发模式", "已打开，出错页会显示内部细节。正式使用前请关闭 LIAOYUAN_DEBUG。"),
    ):
        if on:
            yield Finding(name, "warning", text)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
