"""What hooktop uses of a core while nothing happens."""

import time

from .processes import cpu_time
from .screen import Screen
from .table import heading, line

SECONDS = 5


def measure(bench):
    heading(f"idle: screen on, {SECONDS} s without a delivery or a key")
    screen = Screen(bench)
    screen.wait_for("incident")
    time.sleep(1)
    before = cpu_time(screen.pid)
    time.sleep(SECONDS)
    used = cpu_time(screen.pid) - before
    screen.stop()
    line("CPU", used / SECONDS * 100, "%", at_most=0.5)
