"""What hooktop writes to the terminal while deliveries come."""

import time

from .processes import cpu_time
from .screen import Screen
from .senders import Paced
from .table import heading, line

RATE = 2000
SECONDS = 5


def measure(bench):
    heading(f"terminal: 120x36, {RATE} deliveries a second, the newest selected")
    screen = Screen(bench)
    sender = Paced(bench, screen.port, RATE, RATE * (SECONDS + 2))
    time.sleep(1)
    bytes_before, cpu_before, start = screen.byte_count, cpu_time(screen.pid), time.monotonic()
    time.sleep(SECONDS)
    seconds = time.monotonic() - start
    written, used = screen.byte_count - bytes_before, cpu_time(screen.pid) - cpu_before
    sender.finish()
    screen.stop()
    line("written", written / seconds / 1024, "KiB/s")
    line("CPU, all threads", used / seconds * 100, "%")
