"""Which apps, middleware and templates make up the product."""

from liaoyuan.config.options import options

_DJANGO = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
_LIBRARIES = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "channels",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]
_KERNEL = ["liaoyuan.kernel.ui"]
_FOUNDATION = [
    "liaoyuan.foundation.audit",
    "liaoyuan.foundation.regulations",
    "liaoyuan.foundation.accounts",
    "liaoyuan.foundation.files",
    "liaoyuan.foundation.inbox",
]
_ORGANISATION = [
    "liaoyuan.organisation.units",
    "liaoyuan.organisation.members",
    "liaoyuan.organisation.chronicle",
    "liaoyuan.organisation.whereabouts",
    "liaoyuan.organisation.roster",
    "liaoyuan.organisation.duties",
]
_ACTIVITY = ["liaoyuan.activity.notices", "liaoyuan.activity.orglife"]
_AFFAIRS = ["liaoyuan.affairs.admission"]
_DESK = [
    "liaoyuan.desk.home",
    "liaoyuan.desk.insights",
    "liaoyuan.desk.oversight",
    "liaoyuan.desk.demo",
]
# Ours first: our templates override the libraries'.
INSTALLED_APPS = [*_KERNEL, *_FOUNDATION, *_ORGANISATION, *_ACTIVITY, *_AFFAIRS, *_DESK, *_LIBRARIES, *_DJANGO]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "liaoyuan.kernel.http.compress.CompressMiddleware",
    "liaoyuan.kernel.http.client.ClientAddressMiddleware",
    "liaoyuan.kernel.http.headers.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "liaoyuan.kernel.http.actor.ActorMiddleware",
    "liaoyuan.foundation.accounts.middleware.AccountGuardMiddleware",
    "liaoyuan.kernel.http.errors.DomainErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "liaoyuan.config.urls"
WSGI_APPLICATION = "liaoyuan.config.wsgi.application"
ASGI_APPLICATION = "liaoyuan.config.asgi.application"
# What the system page runs for a thorough examination; it lies above every app.
DOCTOR = "liaoyuan.config.doctor.examine"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "liaoyuan.kernel.ui.context.shell",
            ],
            "builtins": ["liaoyuan.kernel.ui.templatetags.ui"],
            # The tests fail on an unknown template variable: see tests/conftest.py.
            "debug": options().debug,
        },
    }
]
