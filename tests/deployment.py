"""Run management commands under the settings of a production installation, whatever is set here.

`python -m tests.deployment "makemigrations --check" "check --deploy"`: in one process, as each
start takes seconds, until one fails.
"""

import os
import shlex
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.update(
        ENV_FILE=os.devnull,
        SECRET_KEY="checks-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
        ALLOWED_HOSTS="leads.example",
        HTTPS="true",
        DEBUG="false",
        DATABASE_URL="sqlite:///:memory:",
        DJANGO_SETTINGS_MODULE="leadscoring.settings",
    )
    for command in sys.argv[1:]:
        execute_from_command_line(["manage.py", *shlex.split(command)])
