"""From starting hooktop to its first frame."""

from .screen import Screen
from .table import heading, line, median

RUNS = 10


def measure(bench):
    heading(f"start: on a terminal of 120x36, median of {RUNS}")
    times = []
    for _ in range(RUNS):
        screen = Screen(bench)
        # The counters end the top line.
        times.append((screen.wait_for("incident") - screen.started) * 1000)
        screen.stop()
    line("start to first frame", median(times), "ms", at_most=50)
