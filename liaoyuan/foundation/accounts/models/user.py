"""The account a person or an administrator logs in with."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models
from django.db.models.functions import Lower

from liaoyuan.foundation.accounts.rules import password_expired
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.ids import new_id


class AdminKind(models.TextChoices):
    """The three administrators (三员), exclusive of each other and of any organisation role (SC-12)."""

    NONE = "", "非管理员"
    SYSTEM = "system", "系统管理员"
    SECURITY = "security", "安全管理员"
    AUDIT = "audit", "审计管理员"


class UserManager(BaseUserManager["User"]):
    """Makes accounts. Services are the way in; these two serve tests and libraries."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """An account with ``password``, or with none that works."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Account names do not tell capitals apart."""
        return self.get(username=(username or "").lower())


class User(AbstractBaseUser):
    """One account. It may stand without a person (administrators), as a person may without an account."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField("账号", max_length=64, unique=True)
    display_name = models.CharField("姓名", max_length=64)
    admin_kind = models.CharField(
        "管理员类别", max_length=16, choices=AdminKind.choices, default=AdminKind.NONE, blank=True
    )
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须改口令", default=True)
    must_use_totp = models.BooleanField("须用动态码", default=False)
    password_changed_at = models.DateTimeField("改口令时间", default=now)
    locked_until = models.DateTimeField("锁定至", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", default=now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    # allauth looks for an e-mail column; accounts here have none.
    email = ""

    # Exempt from scoping: accounts lie below the tree; only the security administrator lists them.
    class Meta:
        verbose_name = "账号"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(admin_kind__in=["", "system", "security", "audit"]), name="user_admin_kind_known"
            ),
            # With this the unique index tells no capitals apart, on both databases.
            models.CheckConstraint(condition=models.Q(username=Lower("username")), name="user_name_in_small_letters"),
        ]

    def __str__(self) -> str:
        return f"{self.display_name}（{self.username}）"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Small letters, whoever writes. Django's own note of the log-in is left out: ``services.log_in.opened`` writes
        it together with the session."""
        if kwargs.get("update_fields") == ["last_login"]:
            return
        self.username = self.normalize_username(self.username)
        super().save(*args, **kwargs)

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """Account names are compared in small letters."""
        return super().normalize_username(username).strip().lower()

    def check_password(self, raw_password: str | None) -> bool:
        """Whether ``raw_password`` opens the account. Never rewrites the column: an initial code must not turn into a
        chosen password, and a changed hash would end the account's sessions."""
        return check_password(raw_password, self.password)

    @property
    def is_locked(self) -> bool:
        """Whether an administrator has locked it for the present."""
        return self.locked_until is not None and self.locked_until > now()

    @property
    def may_act(self) -> bool:
        """Whether it may be used at all: switched on and not locked."""
        return self.is_active and not self.is_locked

    @property
    def needs_second_factor(self) -> bool:
        """The three administrators always (SC-12), others where a role asks for it."""
        return bool(self.admin_kind) or self.must_use_totp

    @property
    def password_due(self) -> bool:
        """Whether a password must be chosen before anything else: an initial one, or one that is too old (SC-01)."""
        return self.must_change_password or password_expired(
            self.password_changed_at, now(), settings.LIAOYUAN.password_max_age_days
        )

    @property
    def is_staff(self) -> bool:
        """No Django admin here."""
        return False

    @property
    def is_superuser(self) -> bool:
        """Nobody is above the rules."""
        return False
