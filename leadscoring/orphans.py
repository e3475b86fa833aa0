"""A server's process ends with the one that started it, however that went.

granian's main process, killed outright, leaves its children on the port: they would go on answering
by what was loaded then, and the next start would find the port taken.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.process import BaseProcess
from threading import Thread


def end_with_parent() -> None:
    """In a process that `multiprocessing` has started; elsewhere nothing. Call it once."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_end_after, args=(parent,), name="end-with-parent", daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    # Its end closes a pipe, so that this costs nothing until then.
    parent.join()
    # Requests at hand are finished.
    os.kill(os.getpid(), signal.SIGTERM)
