"""Where the Dask cluster is, and what this installation proves itself to it with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env

THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class ClusterSettings:
    """`address` of the scheduler ("": none); the PEM files of mutual TLS, all "" with tcp://."""

    address: str = ""
    ca: str = ""
    cert: str = ""
    key: str = ""


def read_cluster(env: Env) -> ClusterSettings:
    """From SCORING_CLUSTER and its files. Raises ImproperlyConfigured for what is not safe.

    Whoever reaches a cluster can run any code on it: without TLS only this machine may.
    """
    address: str = env.str("SCORING_CLUSTER", "")
    if not address:
        return ClusterSettings()
    url = urlsplit(address)
    try:
        known = url.scheme in ("tls", "tcp") and url.hostname and url.port
    except ValueError:
        known = False
    if not known:
        raise ImproperlyConfigured(
            "SCORING_CLUSTER must be the scheduler's address, e.g. tls://scheduler.example:8786."
        )
    if url.scheme == "tcp":
        if url.hostname not in THIS_MACHINE:
            raise ImproperlyConfigured(
                "SCORING_CLUSTER=tcp:// is only for a scheduler on this machine, 127.0.0.1: who "
                "reaches it can run code. Use tls:// with SCORING_CLUSTER_CA, _CERT and _KEY."
            )
        return ClusterSettings(address)
    return ClusterSettings(address, *(_file(env, each) for each in ("CA", "CERT", "KEY")))


def _file(env: Env, what: str) -> str:
    name = f"SCORING_CLUSTER_{what}"
    path: str = env.str(name, "")
    if not path or not Path(path).is_file():
        raise ImproperlyConfigured(
            f"{name} must name a PEM file: with SCORING_CLUSTER=tls:// both sides show a "
            "certificate. docs/operations.md says how to make them."
        )
    return path
