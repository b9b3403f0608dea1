#!/usr/bin/env python3
"""300 MiB behind an Upgrade and behind CONNECT: one answer, the connection is closed, and memory is flat."""
# Short: ends within some seconds.

import socket

from harness import report
from harness.deliveries import Connection, post
from harness.process import until
from harness.program import Tail
from harness.report import require

MEBIBYTES = 300
LIMIT = 24  # MiB
REQUESTS = {
    "WebSocket": (405, "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
    "POST with Upgrade": (200, "POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"),
    "h2c": (405, "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n"),
    "CONNECT": (405, "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"),
    "HTTP/2 preface": (None, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
}


def flood(tail, name, due, start):
    """Sends the request and then as much as is taken; how far the memory rose, in MiB."""
    piece = b"A" * (1 << 20)
    before, most, sent = tail.resident, 0, 0
    with Connection(tail.listening_port) as connection:
        connection.send(start.encode())
        connection.socket.settimeout(3)
        try:
            while sent < MEBIBYTES:
                connection.send(piece)
                sent += 1
                most = max(most, tail.resident)
            connection.socket.shutdown(socket.SHUT_WR)
        except (ConnectionError, TimeoutError):
            pass
        answers = []
        try:
            while (status := connection.answer()) is not None:
                answers.append(status)
        except (ConnectionError, TimeoutError):
            answers.append("no end")
        require(most - before < LIMIT, f"{name}: {most - before:.1f} MiB more after {sent} MiB; {LIMIT} are the limit")
        # What a reset connection had answered may be gone with it.
        require(answers in ([due], []) if sent < MEBIBYTES else answers == [due], f"{name}: the answers were {answers}")
    return most - before


def measure():
    with Tail("--answer", "always") as tail:
        base = tail.descriptors
        post(tail.listening_port)
        rises = {}
        for name, (due, start) in REQUESTS.items():
            rises[name] = flood(tail, name, due, start)
        until("the base count of descriptors", lambda: tail.descriptors == base)
        require(post(tail.listening_port)[0] == 200, "a delivery afterwards is not answered 200")
        return f"{max(rises.values()):.1f} MiB more at most behind {', '.join(rises)}"


report.run(measure)
