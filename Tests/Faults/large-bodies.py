#!/usr/bin/env python3
"""100 bodies of 10 MiB at once: each is answered 200 or 503, what was answered 200 was taken, and memory has its ceiling."""

import selectors
import time

from harness import report
from harness.deliveries import Connection, body, head, post
from harness.report import require
from harness.screen import Screen

COUNT = 100
SIZE = 10 << 20
# What the ring keeps and what may be on its way (256 MiB each), and as much again as one of them for copies.
LIMIT = 768  # MiB


def send_all(port, message):
    """Sends the message over all connections, a piece of each in turn, and reads the answers."""
    lines = [Connection(port, 60) for _ in range(COUNT)]
    left = {line: memoryview(message) for line in lines}
    selector = selectors.DefaultSelector()
    for line in lines:
        line.socket.setblocking(False)
        selector.register(line.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, line)
    statuses, heads = {}, {line: b"" for line in lines}
    while len(statuses) < COUNT:
        for key, events in selector.select(30):
            line = key.data
            try:
                if events & selectors.EVENT_WRITE:
                    left[line] = left[line][line.socket.send(left[line][:1 << 18]):]
                    if not left[line]:
                        selector.modify(line.socket, selectors.EVENT_READ, line)
                if events & selectors.EVENT_READ:
                    data = line.socket.recv(65536)
                    heads[line] += data
                    if not data or b"\r\n\r\n" in heads[line]:
                        statuses[line] = int(heads[line][9:12] or 0)
                        selector.unregister(line.socket)
            except ConnectionError as error:
                statuses[line] = type(error).__name__
                selector.unregister(line.socket)
    for line in lines:
        line.socket.close()
    return list(statuses.values())


def measure():
    content = body(SIZE)
    message = head(content) + content
    with Screen() as screen:
        before, start = screen.resident, time.monotonic()
        statuses = send_all(screen.listening_port, message)
        seconds = time.monotonic() - start
        counts = {status: statuses.count(status) for status in sorted(set(statuses), key=str)}
        require(set(counts) <= {200, 503}, f"the answers were {counts}")
        require(counts.get(200, 0) > 0, f"none was taken: {counts}")
        screen.wait_for_counter(counts[200])
        require(post(screen.listening_port)[0] == 200, "a delivery afterwards is not answered 200")
        figure = (
            f"answers {counts} in {seconds:.1f} s, {before:.0f} MiB before, {screen.peak:.0f} at most, "
            f"{screen.resident:.0f} after")
        require(screen.peak < LIMIT, f"{figure}; {LIMIT} MiB are the limit")
        return figure


report.run(measure, within=120)
