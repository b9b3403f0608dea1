"""Ending hooktop by a signal while it draws."""

import os
import threading
import time

from .deliveries import Load
from .process import until
from .report import Failed, require
from .terminal import Terminal

# A Swift program that is not prepared waits 30 s at a prompt of its own after a trap.
_LIMIT = 5


def end_while_drawing(signals):
    """Sends each signal to a program of its own, in the middle of its frames."""
    times = [_end(one) for one in signals]
    return f"{len(times)} of {len(signals)} signals left the terminal as it was, the slowest in {max(times) * 1000:.0f} ms"


def _end(signal):
    with Terminal() as terminal:
        port = terminal.wait_for_screen()
        is_over = threading.Event()
        stream = threading.Thread(target=_stream, args=[port, is_over])
        stream.start()
        try:
            before = len(terminal.recorded)
            until("frames", lambda: len(terminal.recorded) > before + 2000)
            start = time.monotonic()
            os.kill(terminal.pid, signal)
            end = terminal.wait_for_end(_LIMIT)
            seconds = time.monotonic() - start
        finally:
            is_over.set()
            stream.join()
        require(end == f"signal {int(signal)}", f"after {signal.name} the program ended by {end}")
        terminal.require_restored(signal.name)
        return seconds


def _stream(port, is_over):
    """Posts deliveries until the receiver is gone."""
    try:
        with Load(port, 4) as load:
            while not is_over.is_set():
                load.run(20)
    except (OSError, Failed):
        pass
