#!/usr/bin/env python3
"""SIGTSTP and SIGCONT, twice, while deliveries stream: the terminal is given back in between, and nothing posted is lost."""
# Short: ends within some seconds.

import os
import signal

from harness import report
from harness.deliveries import Connection, Load, request
from harness.process import until
from harness.report import require
from harness.terminal import Terminal


def stop_and_continue(terminal, port, number):
    os.kill(terminal.pid, signal.SIGTSTP)
    terminal.wait_for_report("stopped", number)
    terminal.require_restored(f"stop {number}")
    require(b"nothing is received until fg" in terminal.recorded, "it did not say that nothing is received")
    seen = len(terminal.recorded)
    with Connection(port) as waiting:
        waiting.send(request())
        os.kill(terminal.pid, signal.SIGCONT)
        require(waiting.answer() == 200, "a delivery that was posted meanwhile is not answered 200")
    until(f"the screen after stop {number}", lambda: b"\x1b[?1049h" in terminal.recorded[seen:])
    until(f"a frame after stop {number}", lambda: b"Deliveries" in terminal.recorded[seen:])


def measure():
    with Terminal() as terminal:
        port = terminal.wait_for_screen()
        with Load(port, 4) as load:
            for number in 1, 2:
                load.run(200)
                stop_and_continue(terminal, port, number)
            load.run(200)
            require(load.statuses == {200: 600}, f"the answers were {dict(load.statuses)}")
        os.kill(terminal.pid, signal.SIGTERM)
        terminal.wait_for_end()
        terminal.require_restored("SIGTERM")
        return "2 stops, 602 of 602 deliveries answered 200, the terminal as before after each"


report.run(measure)
