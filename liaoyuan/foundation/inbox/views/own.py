"""One's own channels."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from liaoyuan.foundation.inbox import adapters
from liaoyuan.foundation.inbox.forms import ChannelsForm, show_refusal
from liaoyuan.foundation.inbox.selectors.preferences import own_channels
from liaoyuan.foundation.inbox.services import channels_set
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: HttpRequest) -> HttpResponse:
    """What reaches me outside, and when. The inbox itself cannot be switched off."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    options, now = settings.LIAOYUAN, own_channels(actor)
    form = ChannelsForm(
        request.POST or None,
        usual=f"{options.digest_at:%H:%M}",
        initial={
            "email": now.email,
            "digest_at": now.digest_at,
            **{f"mode_{name}": mode for name, mode in now.modes.items()},
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            channels_set(
                actor=actor,
                email=form.cleaned_data.get("email", now.email),
                modes=form.modes(),
                digest_at=form.cleaned_data["digest_at"],
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已保存接收渠道。"))
            return redirect("inbox:channels")
    context = {
        "form": form,
        "outside": bool(adapters.active()),
        "quiet": options.quiet_from != options.quiet_until,
        "quiet_from": f"{options.quiet_from:%H:%M}",
        "quiet_until": f"{options.quiet_until:%H:%M}",
    }
    return render(request, "inbox/channels.html", context, status=422 if form.errors else 200)
