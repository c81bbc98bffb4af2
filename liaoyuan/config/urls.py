"""Every address of the product: the only place that knows every app's."""

from django.urls import include, path

from liaoyuan.config.api import api

handler400 = "liaoyuan.kernel.http.errors.bad_request"
handler404 = "liaoyuan.kernel.http.errors.not_found"
handler500 = "liaoyuan.kernel.http.errors.server_error"

urlpatterns = [
    path("", include("liaoyuan.desk.home.urls")),
    path("account/", include("liaoyuan.foundation.accounts.urls")),
    path("files/", include("liaoyuan.foundation.files.urls")),
    path("inbox/", include("liaoyuan.foundation.inbox.urls")),
    path("units/", include("liaoyuan.organisation.units.urls")),
    path("members/", include("liaoyuan.organisation.members.urls")),
    path("whereabouts/", include("liaoyuan.organisation.whereabouts.urls")),
    path("roster/", include("liaoyuan.organisation.roster.urls")),
    path("map/", include("liaoyuan.desk.insights.urls")),
    path("oversight/", include("liaoyuan.desk.oversight.urls")),
    path("regulations/", include("liaoyuan.foundation.regulations.urls")),
    path("chronicle/", include("liaoyuan.organisation.chronicle.urls")),
    path("duties/", include("liaoyuan.organisation.duties.urls")),
    path("meetings/", include("liaoyuan.activity.orglife.urls")),
    path("notices/", include("liaoyuan.activity.notices.urls")),
    path("admission/", include("liaoyuan.affairs.admission.urls")),
    path("_ui/", include("liaoyuan.kernel.ui.urls")),
    path("api/v1/", api.urls),
]
