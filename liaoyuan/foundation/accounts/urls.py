"""Addresses of accounts: allauth's own names for the routes of allauth we use, the rest in our namespace."""

from django.urls import URLPattern, URLResolver, include, path

from liaoyuan.foundation.accounts.views import login, manage, own, second_factor

_own: list[URLPattern | URLResolver] = [
    path("password/", own.password, name="password"),
    path("sessions/", own.sessions, name="sessions"),
    path("sessions/others/end/", own.end_other_sessions, name="sessions_end_others"),
    path("sessions/<int:session_id>/end/", own.end_session, name="session_end"),
    path("tokens/", own.tokens, name="tokens"),
    path("tokens/<uuid:token_id>/revoke/", own.revoke_token, name="token_revoke"),
    path("manage/", manage.manage, name="manage"),
    path("manage/new/", manage.new, name="account_new"),
    path("manage/<uuid:account_id>/", manage.detail, name="account"),
    path("manage/<uuid:account_id>/<slug:verb>/", manage.act, name="account_act"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", login.LoginView.as_view(), name="account_login"),
    path("login/code/", second_factor.SecondFactorView.as_view(), name="mfa_authenticate"),
    path("logout/", login.LogoutView.as_view(), name="account_logout"),
    path("prove/", login.ProveView.as_view(), name="account_reauthenticate"),
    path("prove/code/", second_factor.ProveByCodeView.as_view(), name="mfa_reauthenticate"),
    path("security/", second_factor.SecurityView.as_view(), name="mfa_index"),
    path("totp/on/", second_factor.ActivateView.as_view(), name="mfa_activate_totp"),
    path("totp/off/", second_factor.DeactivateView.as_view(), name="mfa_deactivate_totp"),
    path("recovery-codes/", second_factor.RecoveryCodesView.as_view(), name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", second_factor.NewRecoveryCodesView.as_view(), name="mfa_generate_recovery_codes"),
    path("recovery-codes/file/", second_factor.RecoveryCodesFileView.as_view(), name="mfa_download_recovery_codes"),
    path("", include((_own, "accounts"))),
]
