#!/usr/bin/env python3
"""1 000 resizes, 1x1, 0x0 and 500x200 among them, under load: nothing is lost, and the panes stand whole afterwards."""
# Short: ends within some seconds.

import fcntl
import itertools
import os
import re
import struct
import termios

from harness import report
from harness.deliveries import Load
from harness.process import until
from harness.report import require
from harness.screen import Screen

SIZES = [
    (1, 1), (0, 0), (500, 200), (120, 36), (2, 1), (1, 60), (39, 8), (40, 7), (40, 8), (80, 0), (0, 24), (99, 30),
    (100, 30), (80, 24), (300, 5), (41, 100), (200, 50), (3, 3),
]
RESIZES = 1000
DELIVERIES = 2000


def panes_are_whole(screen):
    lines = screen.lines
    return len(lines) == 36 and lines[-1].rstrip().endswith("quit") and all(
        re.fullmatch(r"[┌│├└].{67}[┐│┤┘][┌│├└].{49}[┐│┤┘]", line) for line in lines[1:-1])


def measure():
    with Screen() as screen, Load(screen.listening_port, 8) as load:
        until("whole panes", lambda: panes_are_whole(screen))
        sizes = itertools.islice(itertools.cycle(SIZES), RESIZES)
        terminal = os.open(screen.terminal, os.O_RDWR | os.O_NOCTTY)
        done = 0

        def resize(sent):
            nonlocal done
            while done < RESIZES * sent // DELIVERIES:
                columns, rows = next(sizes)
                fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
                done += 1

        load.run(DELIVERIES, meanwhile=resize)
        os.close(terminal)
        require(done == RESIZES, f"only {done} resizes were made")
        require(load.statuses == {200: DELIVERIES}, f"the answers were {dict(load.statuses)}")
        # The terminal itself was never resized, so it has to be for its picture to be of one size with the program's.
        screen.resize(119, 35)
        screen.resize(120, 36)
        screen.wait_for_counter(DELIVERIES)
        until("whole panes after the resizes", lambda: panes_are_whole(screen))
        return f"{done} resizes, {DELIVERIES} of {DELIVERIES} deliveries, slowest answer {load.milliseconds(1):.0f} ms"


report.run(measure)
