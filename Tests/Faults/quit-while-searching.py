#!/usr/bin/env python3
"""The user quits while the cause of a failed signature is searched for: the program ends as it should each time, not by a signal."""
# Short: ends within some seconds.

import os
import tempfile

from harness import library, report
from harness.deliveries import Connection, body, head
from harness.process import until
from harness.report import require
from harness.terminal import Terminal

TIMES = 5
# The largest body that is looked into by itself, so that the search takes its whole time.
SIZE = 60_000


def quit_while_searching(variables):
    with Terminal(variables=variables) as terminal:
        port = terminal.wait_for_screen()
        with Connection(port) as connection:
            for _ in range(3):
                signed = body(SIZE)
                connection.send(head(signed) + signed.replace(b"xx", b"xy", 1))
                require(connection.answer() == 401, "a damaged body is not answered 401")
        until("a failure on the screen", lambda: b"mismatch" in terminal.recorded)
        os.write(terminal.master, b"Q")
        end = terminal.wait_for_end()
        require(end == "exit 0", f"it ended by {end}")
        terminal.require_restored("quitting")


def measure():
    with tempfile.TemporaryDirectory() as folder:
        variables = {"LD_PRELOAD": library.compile("exit", folder)}
        for _ in range(TIMES):
            quit_while_searching(variables)
    return f"{TIMES} of {TIMES} times it ended by itself"


report.run(measure)
