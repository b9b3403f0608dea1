"""From a key to its frame, with 100 000 deliveries kept and 2000 a second arriving."""

import random
import time

from .bench import Failure
from .senders import Paced
from .table import heading, line, percentile

KEYS = 400
RATE = 2000
# The sign before the selected row: only a move of the selection writes it, whatever arrives meanwhile.
CURSOR = "▸"


def measure(bench):
    screen = bench.loaded
    heading(f"keys: j and k, 100 000 deliveries kept, {RATE} a second arriving, {KEYS} keys")
    screen.press("j", shows=CURSOR)
    sender = Paced(bench, screen.loaded_port, RATE, RATE * 20)
    time.sleep(1)
    # Pauses of no fixed length, so that keys fall on every moment between two frames of arrivals.
    chance = random.Random(1)
    times = []
    for number in range(KEYS):
        times.append(screen.press("j" if number % 20 < 10 else "k", shows=CURSOR))
        time.sleep(chance.uniform(0.01, 0.05))
    if not sender.is_running():
        raise Failure("the last keys were pressed while nothing arrived any more")
    sender.finish()
    screen.press("g")
    line("key to frame, p50", percentile(times, 0.5), "ms")
    line("key to frame, p99", percentile(times, 0.99), "ms", at_most=16)
    line("key to frame, longest", max(times), "ms")
