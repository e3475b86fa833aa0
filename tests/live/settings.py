"""The real settings, but static files need not have been collected."""

from leadscoring.settings import *  # noqa: F403 - Django's own way to extend settings

STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405 - from the star above
