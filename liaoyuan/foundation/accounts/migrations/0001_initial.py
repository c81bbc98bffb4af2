"""The tables of this app."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import liaoyuan.kernel.clock
import liaoyuan.kernel.ids


class Migration(migrations.Migration):
    initial = True
    replaces = [("accounts", "0001_first_tables"), ("accounts", "0002_locks_and_small_letters")]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("username", models.CharField(max_length=64, unique=True, verbose_name="账号")),
                ("display_name", models.CharField(max_length=64, verbose_name="姓名")),
                (
                    "admin_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "非管理员"),
                            ("system", "系统管理员"),
                            ("security", "安全管理员"),
                            ("audit", "审计管理员"),
                        ],
                        default="",
                        max_length=16,
                        verbose_name="管理员类别",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                ("must_change_password", models.BooleanField(default=True, verbose_name="须改口令")),
                ("must_use_totp", models.BooleanField(default=False, verbose_name="须用动态码")),
                (
                    "password_changed_at",
                    models.DateTimeField(default=liaoyuan.kernel.clock.now, verbose_name="改口令时间"),
                ),
                ("locked_until", models.DateTimeField(blank=True, null=True, verbose_name="锁定至")),
                (
                    "created_at",
                    models.DateTimeField(default=liaoyuan.kernel.clock.now, editable=False, verbose_name="建立时间"),
                ),
            ],
            options={
                "verbose_name": "账号",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("admin_kind__in", ["", "system", "security", "audit"])),
                        name="user_admin_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("username", django.db.models.functions.text.Lower("username"))),
                        name="user_name_in_small_letters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=64, verbose_name="用途")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("tail", models.CharField(max_length=4, verbose_name="末四位")),
                ("capabilities", models.JSONField(default=list, verbose_name="权限")),
                ("created_at", models.DateTimeField(default=liaoyuan.kernel.clock.now, verbose_name="建立时间")),
                ("expires_at", models.DateTimeField(verbose_name="到期时间")),
                ("last_used_at", models.DateTimeField(blank=True, null=True, verbose_name="最近使用")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="作废时间")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "-created_at"], name="api_token_user")],
            },
        ),
        migrations.CreateModel(
            name="PasswordHistory",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("encoded", models.CharField(max_length=256)),
                ("created_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="password_history",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "-created_at"], name="password_history_user")],
            },
        ),
    ]
