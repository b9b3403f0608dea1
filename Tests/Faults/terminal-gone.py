#!/usr/bin/env python3
"""The terminal is closed while SIGHUP is ignored: the program ends within two seconds and does not spin, busy or idle."""
# Short: ends within some seconds.

import signal
import time

from harness import report
from harness.deliveries import Load
from harness.report import require
from harness.terminal import Terminal

LIMIT = 2  # seconds


def close_terminal(is_busy):
    with Terminal(ignoring=[signal.SIGHUP]) as terminal:
        port = terminal.wait_for_screen()
        if is_busy:
            with Load(port, 4) as load:
                load.run(200)
        before, start = terminal.seconds_of_cpu, time.monotonic()
        spent = 0
        terminal.hang_up()
        # What it has used is known as long as it is there; a spinning program is there for long.
        try:
            while terminal.is_running and time.monotonic() < start + LIMIT:
                spent = terminal.seconds_of_cpu - before
                time.sleep(0.01)
        except FileNotFoundError:
            pass
        seconds = time.monotonic() - start
        require(not terminal.is_running, f"it still runs after {seconds:.1f} s, of which it has used {spent:.1f} s")
        terminal.wait_for_end()
        return seconds, spent


def measure():
    runs = [close_terminal(False), close_terminal(True)]
    return f"ended after {max(run[0] for run in runs) * 1000:.0f} ms, {max(run[1] for run in runs) * 1000:.0f} ms of CPU"


report.run(measure)
