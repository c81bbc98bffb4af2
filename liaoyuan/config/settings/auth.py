"""Log-in: allauth (sessions, TOTP), axes (lock-out), argon2id tuned for morning bursts."""

from datetime import timedelta

from liaoyuan.config.options import options

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "liaoyuan.foundation.accounts.backends.AccountBackend",
]
# The second hasher only checks the initial codes handed out by the clerk (ADR 0005).
PASSWORD_HASHERS = [
    "liaoyuan.foundation.accounts.hashers.TunedArgon2Hasher",
    "liaoyuan.foundation.accounts.hashers.InitialCodeHasher",
]
_validators = "liaoyuan.foundation.accounts.validators"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validators}.LengthValidator"},
    {"NAME": f"{_validators}.ClassesValidator"},
    {"NAME": f"{_validators}.NoNameValidator"},
    {"NAME": f"{_validators}.HistoryValidator"},
    {"NAME": f"{_validators}.CommonValidator"},
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:index"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "liaoyuan.foundation.accounts.adapter.AccountAdapter"
_forms = "liaoyuan.foundation.accounts.forms.login"
ACCOUNT_FORMS = {"login": f"{_forms}.LoginForm", "reauthenticate": f"{_forms}.ProveForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# axes locks by account; this bounds one address, generously: a company shares one.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": False, "reauthenticate": "20/m/user"}

MFA_ADAPTER = "liaoyuan.foundation.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": f"{_forms}.SecondFactorForm",
    "reauthenticate": f"{_forms}.ProveByCodeForm",
    "activate_totp": f"{_forms}.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "燎原"
MFA_TOTP_TOLERANCE = 1  # handhelds on an intranet set their clocks by hand: one step of 30 s either way
USERSESSIONS_TRACK_ACTIVITY = False

AXES_HANDLER = "liaoyuan.foundation.accounts.lockout.LockoutHandler"
AXES_FAILURE_LIMIT = options().lockout_failures
AXES_COOLOFF_TIME = timedelta(minutes=options().lockout_minutes)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "liaoyuan.kernel.http.client.client_address"
AXES_LOCKOUT_CALLABLE = "liaoyuan.foundation.accounts.views.login.locked_out"
AXES_USERNAME_CALLABLE = "liaoyuan.foundation.accounts.backends.lockout_name"
# An attempt during the lock does not prolong it: the waiting time on the page stays true.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # the audit trail is the record; axes keeps only what the lock-out counts
AXES_SENSITIVE_PARAMETERS = ["username", "login", "code", "csrfmiddlewaretoken", "next"]
