"""The nightly proof that no posting's words were changed after it went up."""

from django.utils.translation import gettext as _

from liaoyuan.activity.notices.models import PublicPosting
from liaoyuan.activity.notices.services.starting import content_hash
from liaoyuan.kernel.registry import ProofResult


def content_proof() -> ProofResult:
    """Every posting's words against its hash."""
    rows = PublicPosting.objects.unscoped("proves everybody's").select_related("receiver")
    checked = 0
    for row in rows.prefetch_related("places__unit").iterator(chunk_size=200):
        places = [(place.unit.code, place.place) for place in row.places.all()]
        if content_hash(row.title, row.body, places, row.receiver) != row.content_hash:
            return ProofResult(False, checked, _("公示“%(title)s”的内容与张贴时的摘要不符。") % {"title": row.title})
        checked += 1
    return ProofResult(True, checked, _("核对了 %(n)d 份公示的内容摘要。") % {"n": checked})
