"""How passwords and initial codes are kept."""

import subprocess
import sys

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher

from liaoyuan.foundation.accounts.hashers import CODE_LENGTH, initial_code, initial_marker
from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.tests.factories import PASSWORD, UserFactory
from liaoyuan.foundation.accounts.tests.helpers import log_in


def test_real_cost_is_at_least_what_owasp_asks() -> None:
    source = (
        "from liaoyuan.foundation.accounts.hashers import TunedArgon2Hasher as H;"
        "print(H.memory_cost, H.time_cost, H.parallelism)"
    )
    shown = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True).stdout  # noqa: S603
    memory, passes, lanes = map(int, shown.split())
    assert memory >= 19 * 1024
    assert passes >= 2
    assert lanes == 1


def test_codes_differ_by_account_and_are_long_enough() -> None:
    codes = {initial_code(initial_marker()) for _ in range(500)}
    assert len(codes) == 500
    assert {len(code) for code in codes} == {CODE_LENGTH}
    assert not set("".join(codes)) & set("01IO")


def test_a_code_opens_its_own_account_only() -> None:
    mine, yours = initial_marker(), initial_marker()
    assert check_password(initial_code(mine), mine)
    assert not check_password(initial_code(yours), mine)
    assert not check_password("", mine)
    assert not check_password(mine, mine)


def test_a_code_is_worthless_without_the_instances_secret(settings: object) -> None:
    marker = initial_marker()
    code = initial_code(marker)
    keys = settings.KEYS  # type: ignore[attr-defined]
    settings.KEYS = type(keys)(keys.django, keys.fields, keys.index, keys.audit, b"another secret")  # type: ignore[attr-defined]
    assert not check_password(code, marker)


def test_a_chosen_password_has_no_code() -> None:
    user = User(username="x")
    user.set_password(PASSWORD)
    with pytest.raises(ValueError, match="已失效"):
        initial_code(user.password)
    assert identify_hasher(user.password).algorithm == "argon2"


@pytest.mark.django_db
def test_a_hash_of_lesser_cost_is_written_anew_at_the_log_in(client: object, monkeypatch: pytest.MonkeyPatch) -> None:
    user = UserFactory()
    before = user.password
    monkeypatch.setattr("liaoyuan.foundation.accounts.hashers.TunedArgon2Hasher.time_cost", 2)
    assert log_in(client, user).status_code == 302  # type: ignore[arg-type]
    user.refresh_from_db()
    assert user.password != before
    assert "t=2" in user.password
    assert client.get("/account/sessions/").status_code == 200  # type: ignore[attr-defined]  # the new hash's session
