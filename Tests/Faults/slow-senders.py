#!/usr/bin/env python3
"""200 slow headers, then 200 slow bodies, and good deliveries between: answered under 100 ms, and the slow ones' time ends."""

import threading
import time

from harness import report
from harness.deliveries import Connection, head, body, post
from harness.process import until
from harness.program import Tail
from harness.report import require

COUNT = 200
LIMIT = 0.1  # seconds, for a good delivery
DEADLINES = {"header": 10, "body": 30}  # seconds
GOOD = 20


def slow_ones(port, start, trickle, is_over):
    """Opens connections that each send `start`, and then a byte a second."""
    lines = [Connection(port, 60) for _ in range(COUNT)]
    for line in lines:
        line.send(start)

    def go_on():
        while not is_over.wait(1):
            for line in lines:
                try:
                    line.send(trickle)
                except OSError:
                    pass

    threading.Thread(target=go_on, daemon=True).start()
    return lines


def hold(tail, what, start):
    is_over = threading.Event()
    begin = time.monotonic()
    lines = slow_ones(tail.listening_port, start, b"x", is_over)
    until(f"{COUNT} slow connections", lambda: tail.descriptors >= COUNT)
    answers = []
    for _ in range(GOOD):
        answers.append(post(tail.listening_port))
        time.sleep(0.05)
    statuses = [line.answer() for line in lines]
    seconds = time.monotonic() - begin
    is_over.set()
    for line in lines:
        line.socket.close()
    require(all(status == 200 for status, _ in answers), f"slow {what}: good deliveries got {answers}")
    slowest = max(time for _, time in answers)
    require(
        slowest < LIMIT,
        f"slow {what}: a good delivery took {slowest * 1000:.0f} ms; {LIMIT * 1000:.0f} are the limit")
    require(statuses == [408] * COUNT, f"slow {what}: the slow ones got {set(statuses)}")
    due = DEADLINES[what]
    require(due - 1 < seconds < due + 5, f"slow {what}: they were ended after {seconds:.1f} s, and {due} are due")
    return slowest * 1000


def measure():
    with Tail() as tail:
        base = tail.descriptors
        headers = hold(tail, "header", b"POST / HTTP/1.1\r\nHost: a\r\nX: ")
        bodies = hold(tail, "body", head(body(1000)))
        until("the base count of descriptors", lambda: tail.descriptors == base)
        require(len(tail.deliveries) == 2 * GOOD, f"{len(tail.deliveries)} deliveries are there, and {2 * GOOD} are due")
        return f"slowest good answer beside {COUNT} slow headers {headers:.0f} ms, beside as many slow bodies {bodies:.0f} ms"


report.run(measure, within=90)
