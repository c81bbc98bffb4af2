"""Has anything in Presence changed since I last looked?"""

from django.db.models import Count, Max

from liaoyuan.organisation.whereabouts.models import PresenceTick


def presence_epoch() -> str:
    """A text that differs after every committed change of Presence. The count stands beside the highest key because
    PostgreSQL may commit a lower key later than a higher one."""
    found = PresenceTick.objects.aggregate(last=Max("pk"), number=Count("pk"))
    return f"{found['last'] or 0}.{found['number']}"
