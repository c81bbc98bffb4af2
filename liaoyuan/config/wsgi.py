"""The WSGI application: every page and the API."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.config.settings")

application = get_wsgi_application()
