"""The verbs of accounts, by group. Other apps import them from here."""

from liaoyuan.foundation.accounts.services.accounts import (
    NewAccount,
    account_create,
    account_disable,
    account_enable,
    account_lock,
    account_rename,
    account_unlock,
    accounts_create,
    totp_requirement_set,
)
from liaoyuan.foundation.accounts.services.administrators import (
    administrator_appoint,
    administrator_demote,
    assert_not_admin,
    register_role_check,
)
from liaoyuan.foundation.accounts.services.demo import (
    DemoLogin,
    demo_account_prepare,
    demo_logins,
    register_demo_logins,
)
from liaoyuan.foundation.accounts.services.passwords import (
    InitialSlip,
    has_initial_code,
    initial_codes_issue,
    password_change,
    password_reset_to_initial,
)
from liaoyuan.foundation.accounts.services.second_factor import totp_reset
from liaoyuan.foundation.accounts.services.sessions import sessions_end_all, sessions_end_others, socket_group
from liaoyuan.foundation.accounts.services.tokens import token_create, token_revoke, token_use

__all__ = [
    "DemoLogin",
    "InitialSlip",
    "NewAccount",
    "account_create",
    "account_disable",
    "account_enable",
    "account_lock",
    "account_rename",
    "account_unlock",
    "accounts_create",
    "administrator_appoint",
    "administrator_demote",
    "assert_not_admin",
    "demo_account_prepare",
    "demo_logins",
    "has_initial_code",
    "initial_codes_issue",
    "password_change",
    "password_reset_to_initial",
    "register_demo_logins",
    "register_role_check",
    "sessions_end_all",
    "sessions_end_others",
    "socket_group",
    "token_create",
    "token_revoke",
    "token_use",
    "totp_requirement_set",
    "totp_reset",
]
