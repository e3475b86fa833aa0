"""A process with a missing or weak setting does not start, and says what to set."""

import os
import subprocess
import sys

import pytest

GOOD = {
    "ENV_FILE": os.devnull,
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQ",
    "ALLOWED_HOSTS": "leads.example",
    "PATH": os.environ["PATH"],
}


def start(**changes: str | None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in (GOOD | changes).items() if value is not None}
    code = "import leadscoring.settings"
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "origins",
    ["", "https://crm.example.com,https://sales.example:8443,http://localhost:5173,http://[::1]"],
)
def test_it_starts_with_good_settings(origins: str) -> None:
    result = start(CORS_ORIGINS=origins)
    assert result.returncode == 0, result.stderr


def test_a_command_says_it_in_a_sentence() -> None:
    environment = {"PATH": GOOD["PATH"], "ENV_FILE": os.devnull}
    result = subprocess.run(
        [sys.executable, "manage.py", "migrate"], env=environment, capture_output=True, text=True
    )
    assert result.returncode == 1
    assert result.stderr.startswith("Set ALLOWED_HOSTS to the host names")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is missing or weak"),
        ({"SECRET_KEY": "x" * 60}, "SECRET_KEY is missing or weak"),
        ({"ALLOWED_HOSTS": None}, "Set ALLOWED_HOSTS"),
        ({"HTTPS": "false"}, "HTTPS=false is only for a server that answers on loopback"),
        ({"OUTCOME_WINDOW_DAYS": "0"}, "OUTCOME_WINDOW_DAYS must be from 1 to 3650"),
        ({"OUTCOME_WINDOW_DAYS": "many"}, "OUTCOME_WINDOW_DAYS"),
        ({"GRADE_THRESHOLDS": "0.4,0.2"}, "GRADE_THRESHOLDS must be three falling"),
        ({"GRADE_THRESHOLDS": "0.1,0.2,0.4"}, "GRADE_THRESHOLDS must be three falling"),
        ({"GRADE_THRESHOLDS": "high"}, "GRADE_THRESHOLDS"),
        ({"CORS_ORIGINS": "*"}, "CORS_ORIGINS must not hold *: pages of strangers"),
        ({"CORS_ORIGINS": "https://*.example"}, "CORS_ORIGINS must not hold https://*.example"),
        ({"CORS_ORIGINS": "crm.example"}, "'crm.example' is not what a browser sends"),
        ({"CORS_ORIGINS": "null"}, "'null' is not what a browser sends"),
        ({"CORS_ORIGINS": "https://a.example/"}, "without a path, a closing slash"),
        ({"CORS_ORIGINS": "https://a.example,https://A.example"}, "in lower case"),
        ({"CORS_ORIGINS": "https://a.example:443"}, "the scheme's own port"),
        ({"CORS_ORIGINS": "https://ada@a.example"}, "is not what a browser sends"),
        ({"CORS_ORIGINS": "ftp://a.example"}, "is not what a browser sends"),
        ({"CORS_ORIGINS": "http://a.example"}, "Serve that page by https://"),
        ({"SCORING_CLUSTER": "scheduler:8786"}, "SCORING_CLUSTER must be the scheduler's address"),
        ({"SCORING_CLUSTER": "tls://scheduler"}, "SCORING_CLUSTER must be the scheduler's address"),
        ({"SCORING_CLUSTER": "tcp://10.0.0.7:8786"}, "only for a scheduler on this machine"),
        ({"SCORING_CLUSTER": "tls://10.0.0.7:8786"}, "SCORING_CLUSTER_CA must name a PEM file"),
    ],
)
def test_it_refuses_to_start_and_says_what_to_set(
    changes: dict[str, str | None], says: str
) -> None:
    result = start(**changes)
    assert result.returncode != 0
    assert says in result.stderr
