"""Django's command line for development; ``liaoyuan manage`` is the same in an installed product."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.config.settings")
    execute_from_command_line(sys.argv)
