#!/usr/bin/env python3
"""2 000 deliveries a second of 2 KiB for 60 s over 64 connections, screen on: each is answered 200 and counted, memory is flat."""

from harness import report
from harness.deliveries import Load, body, request
from harness.report import require
from harness.screen import Screen

RATE = 2000
SECONDS = 60
SIZE = 2048
# Far above what it takes where nothing else runs, which the benchmarks measure, and far below what providers wait.
LIMIT = 2000  # milliseconds, for the slowest answer
GROWTH = 32  # MiB, over the last half


def measure():
    with Screen() as screen, Load(screen.listening_port, 64, lambda: request(body(SIZE))) as load:
        half = None

        def watch(sent):
            nonlocal half
            if half is None and sent >= RATE * SECONDS // 2:
                half = screen.resident

        load.run(RATE * SECONDS, RATE, watch)
        threads = screen.threads
        screen.wait_for_counter(RATE * SECONDS)
        growth = screen.resident - half
        times = [load.milliseconds(part) for part in (0.5, 0.99, 0.999, 1)]
        figure = (
            f"{sum(load.statuses.values())} answers, ms p50 {times[0]:.1f} p99 {times[1]:.1f} p99.9 {times[2]:.1f} "
            f"max {times[3]:.0f}; {screen.peak:.0f} MiB at most, {growth:+.1f} over the last half, {threads} threads")
        require(load.statuses == {200: RATE * SECONDS}, f"the answers were {dict(load.statuses)}")
        require(times[3] < LIMIT, f"{figure}; {LIMIT} ms are the limit")
        require(growth < GROWTH, f"{figure}; {GROWTH} MiB are the limit")
        return figure


report.run(measure, within=180)
