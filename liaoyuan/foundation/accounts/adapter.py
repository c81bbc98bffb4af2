"""How allauth behaves here: nobody signs up, nobody has e-mail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from liaoyuan.kernel.crypto import decrypt as open_sealed
from liaoyuan.kernel.crypto import encrypt as seal


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the roster or the security administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Names on the authenticator's screen; secrets encrypted at rest."""

    def encrypt(self, text: str) -> str:
        """SM4-GCM, as every secret field."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return open_sealed(encrypted_text)

    def get_totp_label(self, user: Any) -> str:
        """The account's name."""
        return user.username
