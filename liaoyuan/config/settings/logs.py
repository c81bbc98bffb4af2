"""Logs go to standard error, one line an event; the service manager keeps them."""

from liaoyuan.config.options import options

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "liaoyuan": {"level": options().log_level},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
