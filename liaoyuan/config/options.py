"""Every setting of an instance: typed, documented, read from the environment or one TOML file.

The environment wins over the file. The file is ``$LIAOYUAN_CONFIG`` or ``$LIAOYUAN_HOME/liaoyuan.toml``.
``docs/operations/settings.md`` is generated from the descriptions below; a test keeps it true.
"""

import os
from datetime import time
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

LEAST_SECRET = 16


class Options(BaseSettings):
    """One instance's settings. Environment names are ``LIAOYUAN_`` + the field's name in capitals, but for the three
    addresses ``DATABASE_URL``, ``REDIS_URL`` and ``STORAGE_URL``."""

    model_config = SettingsConfigDict(env_prefix="LIAOYUAN_", extra="forbid", populate_by_name=True)

    home: Path = Field(Path("var"), description="存放本实例全部状态的目录：数据库、上传文件、密钥、日志。")
    database_url: str = Field(
        "", validation_alias="DATABASE_URL", description="postgresql://…；留空则用 home 下的 SQLite。"
    )
    redis_url: str = Field(
        "", validation_alias="REDIS_URL", description="redis://…；留空则单机运行，缓存与实时消息都在本机。"
    )
    storage_url: str = Field(
        "",
        validation_alias="STORAGE_URL",
        description="s3://桶名?endpoint=http://…；留空则上传文件存放在 home/files。",
    )
    debug: bool = Field(False, description="开发模式：显示出错细节与 /_ui/ 组件廊。切勿在正式环境打开。")
    demo: bool = Field(False, description="演示模式：登录页列出演示账号。只可用于演示数据。")
    allowed_hosts: Annotated[list[str], NoDecode] = Field(
        ["127.0.0.1", "localhost", "[::1]"], description="可访问本站的主机名，环境变量中以逗号分隔。"
    )
    host: str = Field("127.0.0.1", description="监听地址。")
    port: int = Field(8000, ge=1, le=65535, description="监听端口。")
    web_workers: int = Field(1, ge=1, le=64, description="网页进程数。")
    web_threads: int = Field(8, ge=1, le=64, description="每个网页进程的工作线程数。")
    https: bool = Field(False, description="本站经 HTTPS 提供：Cookie 只走加密连接，并发送 HSTS。")
    trusted_proxies: Annotated[list[str], NoDecode] = Field(
        [], description="前置代理的地址；只有来自这些地址的 X-Forwarded-For 才被采信。"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="日志级别。")

    session_idle_minutes: int = Field(30, ge=1, le=1440, description="无操作自动退出的分钟数（SC-03，惯例 10–30）。")
    wall_keeps_session: bool = Field(
        False, description="地图大屏自动刷新也算操作，不因闲置退出（登录满 12 小时仍退出）。见“日常照看”的“大屏”。"
    )
    password_min_length: int = Field(10, ge=8, le=64, description="口令最短长度（SC-01，不少于 8）。")
    password_min_classes: int = Field(3, ge=1, le=4, description="口令至少包含的字符种类数（SC-01）。")
    password_history: int = Field(5, ge=0, le=24, description="不得与最近几次口令相同。")
    password_max_age_days: int = Field(90, ge=0, le=3650, description="口令最长使用天数（SC-01）；0 为不限。")
    lockout_failures: int = Field(5, ge=1, le=50, description="连续失败多少次后锁定账号（SC-02）。")
    lockout_minutes: int = Field(15, ge=1, le=1440, description="锁定分钟数（SC-02）。")
    upload_max_mb: int = Field(64, ge=1, le=4096, description="单个上传文件的上限（MB）。")
    checkin_precision_degrees: float = Field(
        0.01, ge=0.0001, le=1, description="设备定位打卡时经纬度取整的粒度（度，0.01 约 1 公里）。"
    )
    checkin_valid_days: int = Field(30, ge=1, le=365, description="打卡位置超过多少天后不再作为当前位置。")
    fresh_hours: int = Field(72, ge=1, le=8760, description="位置在多少小时内算“新近”，地图上亮显。")
    stale_days: int = Field(30, ge=1, le=365, description="位置超过多少天算“陈旧”，地图上空心显示。")

    site_url: str = Field("", description="本站对外的地址，如 https://liaoyuan.example；邮件与短信里的链接由它开头。")
    email_host: str = Field("", description="发信服务器（SMTP）；留空则不发邮件，消息只在站内。")
    email_port: int = Field(25, ge=1, le=65535, description="发信服务器的端口。")
    email_user: str = Field("", description="发信服务器的账号；留空则不登录。")
    email_password: SecretStr = Field(SecretStr(""), description="发信服务器的口令。")
    email_security: Literal["none", "starttls", "tls"] = Field("none", description="与发信服务器之间的加密。")
    email_from: str = Field("", description="发件人地址；设置了发信服务器时必填。")
    email_domains: Annotated[list[str], NoDecode] = Field(
        [], description="只许向这些域的邮箱发信，以逗号分隔；留空则不限。"
    )
    webhook_url: str = Field("", description="短信等网关的接收地址（http 或 https）；留空则不用。不跟随重定向。")
    webhook_secret: SecretStr = Field(
        SecretStr(""), description="与网关共用的密钥，至少 16 个字符，用于 HMAC-SM3 签名。"
    )
    webhook_phone: bool = Field(False, description="把收件人的电话号码交给网关；关闭时网关按账号自己查。")
    channel_timeout_seconds: int = Field(15, ge=1, le=120, description="等待发信服务器或网关应答的秒数。")
    delivery_attempts: int = Field(
        12, ge=1, le=50, description="一次投递最多试几次，间隔逐次加倍（12 次约 16 小时）；之后等系统管理员处理。"
    )
    delivery_lease_seconds: int = Field(
        300, ge=2, le=3600, description="发送中的投递由一个工作进程独占多少秒；进程中断后由别的进程接着发。"
    )
    quiet_from: time = Field(time(22), description="静默时段的开始：其间不向站外发任何消息，之后补发。")
    quiet_until: time = Field(time(6, 30), description="静默时段的结束；与开始相同则没有静默时段。")
    digest_at: time = Field(time(7), description="每日摘要的时间；个人可以另选。")
    must_read_chase_days: int = Field(2, ge=1, le=60, description="必读消息没有阅读，每隔几天催一次。")
    inbox_keep_days: int = Field(730, ge=30, le=3650, description="已办的待办、已读的消息保留多少天。")

    @field_validator("allowed_hosts", "trusted_proxies", "email_domains", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("site_url", "webhook_url")
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.username):
            raise ValueError("应是 http:// 或 https:// 开头的完整地址，不含账号口令")
        return value.rstrip("/") if not parts.path.strip("/") else value

    @model_validator(mode="after")
    def _channels(self) -> Self:
        if self.webhook_url and len(self.webhook_secret.get_secret_value()) < LEAST_SECRET:
            raise ValueError(f"设置了 webhook_url，就要设置至少 {LEAST_SECRET} 个字符的 webhook_secret")
        if self.email_host and "@" not in self.email_from:
            raise ValueError("设置了 email_host，就要在 email_from 写明发件人地址")
        return self

    @field_validator("home")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment first, then the TOML file, then the defaults."""
        home = Path(os.environ.get("LIAOYUAN_HOME", "var"))
        path = Path(os.environ.get("LIAOYUAN_CONFIG", home / "liaoyuan.toml"))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=path)


@cache
def options() -> Options:
    """The settings of this process, read once. Raises pydantic.ValidationError naming each wrong field."""
    return Options()  # type: ignore[call-arg]  # every field has a default, as a positional of Field()


def environment_name(field: str) -> str:
    """The environment variable of ``field``: what an operator has to set."""
    known = Options.model_fields.get(field)
    if known is None:
        return field
    return str(known.validation_alias or f"LIAOYUAN_{field.upper()}")


def strange_names() -> list[str]:
    """Environment variables that look like settings and are none: spelt wrongly, most likely, and without effect."""
    ours = {environment_name(field) for field in Options.model_fields} | {"LIAOYUAN_CONFIG"}
    return sorted(name for name in os.environ if name.startswith("LIAOYUAN_") and name not in ours)
