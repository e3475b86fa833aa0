"""A certificate authority of a test's own, and what it signs."""

from __future__ import annotations

import subprocess
from pathlib import Path

from leadscoring.cluster_settings import ClusterSettings


def make_files(folder: Path, address: str) -> ClusterSettings:
    """The authority, and a certificate that it has signed: as docs/operations.md does it."""
    for command in (
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem",
        "req -newkey rsa:2048 -nodes -subj /CN=machine -keyout machine.key -out machine.csr",
        "x509 -req -in machine.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 "
        "-out machine.pem",
    ):
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
    names = ("ca.pem", "machine.pem", "machine.key")
    return ClusterSettings(address, *(str(folder / name) for name in names))
