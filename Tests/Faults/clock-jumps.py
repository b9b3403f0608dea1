#!/usr/bin/env python3
"""The wall clock jumps an hour forward and two back while running: verdicts that are shown stay, the order is by sequence."""
# Short: ends within some seconds.

import os
import re
import shlex
import tempfile
import time

from harness import library, report
from harness.deliveries import post
from harness.process import until
from harness.report import Failed, require
from harness.screen import Screen

HOUR = 3600
# The word of each verdict in the list.
SIGNS = {"valid": "✓ ok", "stale": "! stale", "future": "! future"}


def signs(screen):
    """The verdict of each row of the list, from the top, with its number."""
    rows = (re.match(r"│[▸ ]\s*(\d+) .*? ([✓✗!?] \w+) ", line) for line in screen.lines)
    return [(int(row[1]), row[2]) for row in rows if row]


def measure():
    with tempfile.TemporaryDirectory() as folder:
        shift = os.path.join(folder, "shift")

        def move(seconds):
            with open(shift + ".new", "w") as file:
                file.write(str(seconds))
            os.rename(shift + ".new", shift)

        move(0)
        clock = library.compile("clock", folder)
        prefix = f"export LD_PRELOAD={shlex.quote(clock)} HOOKTOP_FAULT_CLOCK={shlex.quote(shift)}; "
        with Screen(prefix=prefix) as screen:
            due = []
            # How far the clock is off, how far the sender's is, and the verdict then.
            for ahead, signed, verdict in (
                (0, 0, "valid"), (HOUR, HOUR, "valid"), (HOUR, 0, "stale"), (-HOUR, -HOUR, "valid"), (-HOUR, 0, "future"),
                (0, 0, "valid"),
            ):
                move(ahead)
                status, _ = post(screen.listening_port, at=time.time() + signed)
                right = status == (200 if verdict == "valid" else 401)
                require(right, f"clock {ahead:+}, signed {signed:+}: answered {status}")
                due.insert(0, (len(due) + 1, SIGNS[verdict]))
                try:
                    until(f"{due}", lambda: signs(screen) == due)
                except Failed:
                    raise Failed(f"the list should be {due}, and is {signs(screen)}")
            return f"{len(due)} deliveries over 3 clocks, newest first, each with the verdict of its arrival"


report.run(measure)
