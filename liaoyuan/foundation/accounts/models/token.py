"""Personal tokens for the API."""

from django.conf import settings
from django.db import models

from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel


class ApiToken(IdModel):
    """A personal API token: only its HMAC is stored; it narrows its owner's capabilities and ends by itself."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField("用途", max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    tail = models.CharField("末四位", max_length=4)
    capabilities = models.JSONField("权限", default=list)
    created_at = models.DateTimeField("建立时间", default=now)
    expires_at = models.DateTimeField("到期时间")
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    revoked_at = models.DateTimeField("作废时间", null=True, blank=True)

    # Exempt from scoping: everybody sees his own tokens only, by their account.
    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="api_token_user")]
