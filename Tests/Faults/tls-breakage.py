#!/usr/bin/env python3
"""TLS handshakes never finished, ends without close_notify, records of one byte, resets in a body: descriptors return to the base count."""

import time

from harness import report
from harness.deliveries import Connection, body, head, request
from harness.process import until
from harness.program import Tail
from harness.report import require
from harness.tls import TLSConnection, hello

COUNT = 50
HANDSHAKE = 10  # seconds


def unfinished(tail):
    """Handshakes that stop after no byte, some bytes, or the whole hello; how long they are let wait, in seconds."""
    start = time.monotonic()
    first = hello()
    lines = [Connection(tail.listening_port, 30) for _ in range(COUNT)]
    for number, line in enumerate(lines):
        line.send([b"", first[:50], first][number % 3])
    until("the connections", lambda: tail.descriptors >= COUNT)
    for line in lines:
        while line.socket.recv(65536):
            pass
    seconds = time.monotonic() - start
    for line in lines:
        line.socket.close()
    require(HANDSHAKE - 1 < seconds < HANDSHAKE + 5, f"unfinished handshakes are ended after {seconds:.1f} s")
    return seconds


def without_close_notify(tail):
    for _ in range(COUNT):
        line = TLSConnection(tail.listening_port)
        line.send(request())
        require(line.answer() == 200, "a delivery over TLS is not answered 200")
        # Python's close, unlike its unwrap, ends the connection without a word.
        line.socket.close()


def one_byte_records(tail):
    with TLSConnection(tail.listening_port) as line:
        for byte in request(body(500)):
            line.send(bytes([byte]))
        require(line.answer() == 200, "a delivery in records of one byte is not answered 200")


def broken_bodies(tail):
    content = body(5000)
    for by_reset in (True, False):
        for _ in range(COUNT):
            line = TLSConnection(tail.listening_port)
            line.send(head(content) + content[:2000])
            line.reset() if by_reset else line.socket.close()


def measure():
    with Tail("--tls-self-signed") as tail:
        base = tail.descriptors
        for step in without_close_notify, one_byte_records, broken_bodies, unfinished:
            result = step(tail)
            until(f"the base count of descriptors after {step.__name__}", lambda: tail.descriptors == base)
        due = COUNT + 1
        until("the deliveries", lambda: len(tail.deliveries) >= due)
        require(len(tail.deliveries) == due, f"{len(tail.deliveries)} deliveries are there, and {due} are due")
        reasons = [one["reason"] for one in tail.incidents]
        aborted = reasons.count("aborted")
        require(aborted == 2 * COUNT, f"{aborted} of {2 * COUNT} broken bodies are incidents: {sorted(set(reasons))}")
        return (
            f"{base} descriptors before and after {4 * COUNT + 1} connections, unfinished handshakes ended after "
            f"{result:.1f} s, {aborted} aborted bodies")


report.run(measure, within=90)
