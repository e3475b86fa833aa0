"""A server's process ends when it is told to, and with the one that started it.

granian's main process, killed outright, leaves its children on the port: they would go on answering
by what was loaded then, and the next start would find the port taken.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.process import BaseProcess
from threading import Thread, current_thread, main_thread


def end_when_told() -> None:
    """While the application is loaded, in a process that `multiprocessing` has started.

    granian's forked processes begin with the handlers of its main process, which forget the signal:
    a server that was told to end in its first seconds would wait for them for ever. Once they
    serve they have handlers of their own.
    """
    if multiprocessing.parent_process() is not None and current_thread() is main_thread():
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_DFL)


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
