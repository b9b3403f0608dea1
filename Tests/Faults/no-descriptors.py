#!/usr/bin/env python3
"""500 connections under `ulimit -n 64`: no crash, no spin, an incident that says so, and deliveries are taken again afterwards."""
# Short: ends within some seconds.

import resource
import socket
import time

from harness import program, report
from harness.deliveries import post
from harness.process import until
from harness.program import Tail
from harness.report import require


def few_descriptors():
    program.without_core()
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def measure():
    with Tail(prepare=few_descriptors) as tail:
        base = tail.descriptors
        crowd = []
        for _ in range(500):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", tail.listening_port))
            crowd.append(one)
        until("all descriptors in use", lambda: tail.descriptors >= 63)
        until("an incident", lambda: any(one["reason"] == "too-many-connections" for one in tail.incidents))
        spent = tail.seconds_of_cpu
        time.sleep(1)
        spent = tail.seconds_of_cpu - spent
        require(spent < 0.5, f"it spins: {spent:.2f} s of CPU in one second")
        most = tail.descriptors
        for one in crowd:
            one.close()
        start = time.monotonic()
        status, _ = post(tail.listening_port)
        seconds = time.monotonic() - start
        require(status == 200, f"the delivery afterwards is answered {status}")
        until("the base count of descriptors", lambda: tail.descriptors == base)
        return (
            f"{most} descriptors at most, {spent * 1000:.0f} ms of CPU in a second of that, then a delivery is answered "
            f"200 within {seconds * 1000:.0f} ms")


report.run(measure)
