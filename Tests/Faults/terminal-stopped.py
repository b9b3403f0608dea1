#!/usr/bin/env python3
"""A terminal that is stopped (C-s) through 10 000 deliveries: none is lost, no answer waits, and the screen catches up."""
# Short: ends within some seconds.

from harness import report
from harness.deliveries import Load
from harness.report import require
from harness.screen import Screen

COUNT = 10_000
LIMIT = 2000  # milliseconds, for the slowest answer


def measure():
    with Screen() as screen, Load(screen.listening_port, 8) as load:
        load.run(100)
        screen.wait_for_counter(100)
        screen.stop_output(True)
        frozen = screen.picture
        before = screen.resident
        load.run(COUNT)
        require(screen.picture == frozen, "the terminal was not stopped")
        grown = screen.resident - before
        screen.stop_output(False)
        screen.wait_for_counter(COUNT + 100)
        require(load.statuses == {200: COUNT + 100}, f"the answers were {dict(load.statuses)}")
        slowest = load.milliseconds(1)
        figure = (
            f"slowest answer {slowest:.0f} ms, p99 {load.milliseconds(0.99):.1f} ms, "
            f"{grown:.0f} MiB more for {COUNT} deliveries")
        require(slowest < LIMIT, f"{figure}; {LIMIT} ms are the limit")
        return figure


report.run(measure)
