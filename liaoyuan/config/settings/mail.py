"""The SMTP server mail leaves by; none unless one is named."""

from liaoyuan.config.options import options

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = options().email_host
EMAIL_PORT = options().email_port
EMAIL_HOST_USER = options().email_user
EMAIL_HOST_PASSWORD = options().email_password.get_secret_value()
EMAIL_USE_TLS = options().email_security == "starttls"
EMAIL_USE_SSL = options().email_security == "tls"
EMAIL_TIMEOUT = options().channel_timeout_seconds
DEFAULT_FROM_EMAIL = options().email_from or "liaoyuan@localhost"
