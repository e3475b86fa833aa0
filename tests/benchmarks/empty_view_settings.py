"""The installation's own settings, with an empty view where predictions are asked for."""

from leadscoring.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.empty_view"
