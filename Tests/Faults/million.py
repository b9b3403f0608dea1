#!/usr/bin/env python3
"""A million deliveries of mixed size, screen on: all are taken, and memory is flat over the last half."""

import os
import random
import socket
import time

from harness import report
from harness.deliveries import OK, body, request
from harness.report import Failed, require
from harness.screen import Screen

COUNT = int(os.environ.get("HOOKTOP_FAULT_MILLION", 1_000_000))
CONNECTIONS = 4
BATCH = 25
GROWTH = 24  # MiB


def size(chance):
    """Mostly what webhooks are, now and then something large."""
    number = chance.random()
    if number < 0.9:
        return chance.randrange(150, 3000)
    return chance.randrange(3000, 30_000) if number < 0.995 else chance.randrange(30_000, 500_000)


def receive(connection, length):
    answers = b""
    while len(answers) < length:
        data = connection.recv(65536)
        if not data:
            raise Failed("hooktop closed a connection")
        answers += data
    return answers


def measure():
    chance = random.Random(4711)
    with Screen() as screen:
        connections = [socket.create_connection(("127.0.0.1", screen.listening_port), 30) for _ in range(CONNECTIONS)]
        memory, sent, start = [], 0, time.monotonic()
        while sent < COUNT:
            for connection in connections:
                batch = b"".join(request(body(size(chance))) for _ in range(BATCH))
                # Answers are small enough for the kernel to hold all of a batch's.
                connection.sendall(batch)
                sent += BATCH
            for connection in connections:
                answers = receive(connection, BATCH * len(OK))
                require(answers == BATCH * OK, f"an answer is not 200: {answers[:200]!r}")
            if sent * 100 // COUNT > len(memory):
                memory.append(screen.resident)
        seconds = time.monotonic() - start
        screen.wait_for_counter(sent)
        half = len(memory) // 2
        growth = max(memory[half:]) - max(memory[half - half // 5:half])
        figure = (
            f"{sent} deliveries in {seconds:.0f} s, {memory[half]:.0f} MiB in the middle, {memory[-1]:.0f} at the end, "
            f"{growth:+.1f} at most over the last half")
        require(growth < GROWTH, f"{figure}; {GROWTH} MiB are the limit")
        return figure


report.run(measure, within=1200)
