"""What the browser may do, what a request may carry, how long a session lasts."""

from csp.constants import NONE, SELF

from liaoyuan.config.keys import load_keys
from liaoyuan.config.options import options

DEBUG = options().debug
KEYS = load_keys(options().home)
SECRET_KEY = KEYS.django
ALLOWED_HOSTS = options().allowed_hosts

SESSION_ENGINE = "liaoyuan.foundation.accounts.session_store"
SESSION_COOKIE_AGE = 12 * 3600  # a working day at most; the idle limit is shorter: accounts.middleware
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = options().https
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = False  # htmx and the islands read it to send the X-CSRFToken header
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = options().https
CSRF_FAILURE_VIEW = "liaoyuan.kernel.http.errors.csrf_failure"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if options().https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_HSTS_PRELOAD = False
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if options().https else None
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Transport is the front proxy's on an intranet that has one; `doctor` warns where https is off and the host is not
# the loopback. W004/W008/W012/W016 ask for the same.
SILENCED_SYSTEM_CHECKS = ([] if options().https else ["security.W004", "security.W012", "security.W016"]) + [
    "security.W005",  # HSTS for subdomains: an intranet shares its domain with systems that are not ours
    "security.W008",  # the redirect to HTTPS is the front proxy's (deploy/nginx.conf)
    "security.W021",  # HSTS preload needs the Internet
    "axes.W006",  # accounts are locked, not addresses: a company shares one handheld (THREAT_MODEL)
]
