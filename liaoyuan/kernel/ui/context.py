"""What every page's frame needs: menu, user, watermark, theme."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from liaoyuan.kernel import clock, registry


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame's context; the menu is built only where the frame shows it (a lazy callable)."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"demo_mode": settings.LIAOYUAN.demo, "nav": (), "watermark": ""}
    return {
        "demo_mode": settings.LIAOYUAN.demo,
        "nav": lambda: registry.nav_for(request.actor),  # type: ignore[attr-defined]  # set by ActorMiddleware
        "watermark": f"{user.display_name} {user.username[-4:]} {clock.local(clock.now()):%Y-%m-%d %H:%M}",
    }
