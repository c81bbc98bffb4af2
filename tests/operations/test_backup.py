"""Backup and restore: everything comes back, and nothing is touched where it could not."""

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from liaoyuan.config.backup import read
from liaoyuan.config.cli.errors import Refused
from liaoyuan.foundation.accounts.models import User
from tests.operations.instance import Instance

FILL = """
from django.core.files.base import ContentFile
from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.files.models import StoredFile
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.models import Site, Unit
User.objects.create_user("zhang", "a Password 1", display_name="张三")
Site.objects.create(name="甲点", lon=117.39, lat=32.92)
Unit.objects.create(code="L", name="试验旅党委", kind="committee", path="0000")
file = StoredFile(name="a.txt", content_type="text/plain", size=5, sm3="0" * 64, gate="none", gate_key="1")
file.blob.save("a.txt", ContentFile("燎原\\n".encode()))
record(Actor.system("测试", via="cli"), "test.filled", object_label="甲")
"""
LOOK = """
from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.audit.services import verify_chain
from liaoyuan.foundation.files.models import StoredFile
from liaoyuan.organisation.units.models import Site, Unit
user = User.objects.filter(username="zhang").first()
print(user and user.check_password("a Password 1"), [s.name for s in Site.objects.filter(name="甲点")],
      [u.code for u in Unit.objects.unscoped("test")], [f.blob.read().decode() for f in StoredFile.objects.all()],
      verify_chain().ok)
"""
FULL = "True ['甲点'] ['L'] ['燎原\\n'] True"
BARE = "None [] [] [] True"

Maker = Callable[..., Instance]


@pytest.fixture(scope="module")
def filled(make_instance: Maker) -> Instance:
    """An instance with an account, an organisation, a place, an upload and an audit row."""
    instance = make_instance()
    instance.shell(FILL)
    return instance


@pytest.fixture(scope="module")
def backup(filled: Instance, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its backup."""
    file = tmp_path_factory.mktemp("backups") / "day.liaoyuan"
    said = filled.run("backup", file).stdout
    assert "含密钥" in said
    assert "1 个上传文件" in said
    assert file.stat().st_mode & 0o777 == 0o600
    return file


def test_a_backup_restores_into_an_empty_instance_that_goes_on_writing(backup: Path, make_instance: Maker) -> None:
    """Sequences and the audit chain continue where the backup ended."""
    other = make_instance(migrated=False)
    assert "已从" in other.run("restore", backup).stdout
    assert (other.home / "keys.toml").stat().st_mode & 0o777 == 0o600
    assert other.shell(GO_ON + LOOK) == FULL
    assert other.run("audit", "verify").returncode == 0


GO_ON = """
from django.contrib.contenttypes.models import ContentType
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel.scoping import Actor
ContentType.objects.create(app_label="x", model="y")
record(Actor.system("测试", via="cli"), "test.after")
"""


def test_a_backup_without_keys_needs_the_old_ones(filled: Instance, make_instance: Maker, tmp_path: Path) -> None:
    file = tmp_path / "nokeys.liaoyuan"
    assert "不含密钥" in filled.run("backup", file, "--without-keys").stdout
    with zipfile.ZipFile(file) as archive:
        assert "keys.toml" not in archive.namelist()
    other = make_instance()
    assert "keys.toml" in other.run("restore", file, code=3).stderr
    assert other.shell(LOOK) == BARE
    shutil.copy(filled.home / "keys.toml", other.home / "keys.toml")
    other.run("restore", file)
    assert other.shell(LOOK) == FULL


def test_a_refused_restore_leaves_an_empty_folder_empty(
    filled: Instance, backup: Path, make_instance: Maker, tmp_path: Path
) -> None:
    """No keys that belong to nothing, no claim, no database, on PostgreSQL no tables."""
    other = make_instance(migrated=False)
    filled.run("backup", tmp_path / "nokeys.liaoyuan", "--without-keys")
    for spoil in ("text", "changed", "version", "migrations"):
        other.run("restore", _spoiled(backup, spoil, tmp_path / spoil), code=3)
    assert "也没有" in other.run("restore", tmp_path / "nokeys.liaoyuan", code=3).stderr
    assert list(other.home.iterdir()) == []
    if url := other.env["DATABASE_URL"]:
        with psycopg.connect(url) as database:
            assert database.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    other.run("restore", backup)
    assert (other.home / "keys.toml").read_bytes() == (filled.home / "keys.toml").read_bytes()
    assert not (other.home / "keys.before-restore.toml").exists()
    assert other.shell(LOOK) == FULL


def test_restoring_over_data_needs_force(backup: Path, make_instance: Maker) -> None:
    other = make_instance()
    other.shell(
        "from liaoyuan.organisation.units.models import Unit\n"
        "Unit.objects.create(code='X', name='别的党委', kind='committee', path='0000')"
    )
    assert "--force" in other.run("restore", backup, code=3).stderr
    assert "['X']" in other.shell(LOOK)
    other.run("restore", backup, "--force")
    assert other.shell(LOOK) == FULL


def test_a_backup_is_taken_while_serving_and_a_restore_is_refused(
    make_instance: Maker, filled: Instance, tmp_path: Path
) -> None:
    file = tmp_path / "live.liaoyuan"
    filled.start()
    try:
        filled.run("backup", file)
        assert "正在运行" in filled.run("restore", file, "--force", code=3).stderr
    finally:
        filled.stop()
    other = make_instance()
    other.run("restore", file)
    assert other.shell(LOOK) == FULL


def test_an_unwritable_target_is_told_in_a_sentence(filled: Instance, tmp_path: Path) -> None:
    failed = filled.run("backup", tmp_path / "nowhere" / "x.liaoyuan", code=2)
    assert "nowhere" in failed.stderr
    assert "Traceback" not in failed.stderr


def _spoiled(backup: Path, spoil: str, file: Path) -> Path:
    if spoil == "cut":
        file.write_bytes(backup.read_bytes()[:-2000])
        return file
    if spoil == "text":
        file.write_text("不是备份")
        return file
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if spoil == "changed" and name.startswith("database"):
                content = content[:-1] + bytes([content[-1] ^ 1])
            if spoil == "missing" and name.startswith("files/"):
                continue
            if name == "manifest.json":
                content = json.dumps({**json.loads(content), **_CLAIMS.get(spoil, {})}).encode()
            new.writestr(name, content)
        if spoil == "added":
            new.writestr("files/../../etc/passwd", "x")
    return file


_CLAIMS = {
    "version": {"version": "9.9.9"},
    "migrations": {"migrations": ["units.9999_from_the_future"]},
    "format": {"format": 99},
    "database": {"database": "oracle"},
    "nonsense": {"parts": 7},
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("cut", "不是完整的备份文件"),
        ("text", "不是完整的备份文件"),
        ("changed", "已损坏"),
        ("missing", "已损坏"),
        ("added", "已损坏"),
        ("nonsense", "已损坏"),
        ("version", "9.9.9"),
        ("migrations", "结构与本机不同"),
        ("format", "格式"),
        ("database", "oracle"),
    ],
)
def test_a_wrong_backup_is_refused_and_nothing_changes(backup: Path, tmp_path: Path, spoil: str, words: str) -> None:
    User.objects.create_user("here", "a Password 1", display_name="在此")
    keys = (Path(settings.LIAOYUAN.home) / "keys.toml").read_text()
    with pytest.raises(Refused, match=words):
        read(_spoiled(backup, spoil, tmp_path / "x.liaoyuan"), force=True)
    assert list(User.objects.values_list("username", flat=True)) == ["here"]
    assert (Path(settings.LIAOYUAN.home) / "keys.toml").read_text() == keys
    assert not (Path(settings.LIAOYUAN.home) / "files").exists()
