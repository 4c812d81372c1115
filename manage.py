#!/usr/bin/env python3
"""Run a command; make its environment first where that is missing.

Must stay readable for old Pythons: whoever has one is told so in words.
"""

import os
import runpy
import sys

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    # By path: importing the package kmcity would already need Celery.
    bootstrap = runpy.run_path(os.path.join(here, "kmcity", "bootstrap.py"))
    bootstrap["prepare"](sys.argv[1:])
    # A console that cannot show Thai shows "?" instead of a traceback.
    sys.stdout.reconfigure(errors="replace")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kmcity.settings")
    from django.core.management import (
        execute_from_command_line,
    )

    execute_from_command_line(sys.argv)
