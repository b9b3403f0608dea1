#!/usr/bin/env python3
"""kill -9 while deliveries stream into a record file: every one that was answered 200 is a whole line of it."""
# Short: ends within some seconds.

import json
import os
import signal
import tempfile
import threading

from harness import report
from harness.deliveries import Connection, body, identity, request
from harness.program import Tail
from harness.report import require

THREADS = 8
COUNT = 1000  # answers before the kill


def stream(port, accepted, enough):
    try:
        with Connection(port) as connection:
            while True:
                content = body(300)
                connection.send(request(content))
                if connection.answer() != 200:
                    return
                accepted.append(identity(content))
                if len(accepted) == COUNT:
                    enough.set()
    except OSError:
        return


def measure():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "session")
        with Tail("--record", path) as tail:
            accepted, enough = [], threading.Event()
            arguments = [tail.listening_port, accepted, enough]
            threads = [threading.Thread(target=stream, args=arguments) for _ in range(THREADS)]
            for thread in threads:
                thread.start()
            require(enough.wait(30), f"only {len(accepted)} answers came")
            os.kill(tail.pid, signal.SIGKILL)
            for thread in threads:
                thread.join()
        with open(path, "rb") as file:
            *lines, rest = file.read().split(b"\n")
        recorded = {json.loads(line)["event_id"] for line in lines}
        lost = set(accepted) - recorded
        require(not lost, f"{len(lost)} of {len(accepted)} that were answered 200 are not in the file")
        mode = os.stat(path).st_mode & 0o777
        require(mode == 0o600, f"the file's mode is {mode:o}")
        cut = f", and a cut line of {len(rest)} bytes" if rest else ""
        return f"{len(accepted)} answered 200, {len(recorded)} in the file{cut}"


report.run(measure)
