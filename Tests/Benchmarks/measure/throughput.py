"""Deliveries a second, hooktop with its screen on and as `tail --json`, beside its peers."""

import os
import re
import subprocess

from . import peers, tools
from .bench import Failure
from .processes import cpu_time, stop, wait_until
from .screen import Screen
from .senders import CONNECTIONS, wrk
from .table import heading, line, median, note

PEERS = {"nginx": peers.nginx, "node": peers.node, "webhook": peers.webhook, "mitmdump": peers.mitmdump}


def measure(bench):
    tools.need("wrk", "node")
    heading(
        f"throughput: deliveries a second, wrk -t1 -c{CONNECTIONS}, 412 bytes each, "
        f"{bench.rounds} rounds of {bench.turn:g} s, in turns")
    servers = _start_peers(bench) | {"watch": Watched(bench), "tail": Tailed(bench)}
    results = {name: [] for name in servers}
    for _ in range(bench.rounds):
        for name, server in servers.items():
            results[name].append(_turn(bench, server))
    for name, server in servers.items():
        _print_speed(server.title, results[name])
    _print_ratios(results)
    for name in ("watch", "tail"):
        servers[name].check(sum(requests for requests, _, _ in results[name]), bench.rounds * CONNECTIONS)
    for server in servers.values():
        server.stop() if hasattr(server, "stop") else stop(server.process)


def _start_peers(bench):
    servers = {}
    for name, start in PEERS.items():
        if tools.get(name):
            note(f"{name}: skipped, it is not on this machine and apt-get does not bring it")
            continue
        try:
            servers[name] = start(bench)
        except Failure as failure:
            note(f"{name}: skipped, {failure}")
    return servers


def _turn(bench, server):
    before = cpu_time(server.pid)
    requests, seconds = wrk(bench, server.title, server.url, server.variant)
    return requests, requests / seconds, (cpu_time(server.pid) - before) / requests


def _print_speed(title, turns):
    speeds = [speed for _, speed, _ in turns]
    cost = median([cost for _, _, cost in turns]) * 1e6
    note(f"{title:<30} {median(speeds):>9,.0f}   ({min(speeds):,.0f} to {max(speeds):,.0f})   {cost:.1f} µs of CPU each")


def _print_ratios(results):
    goals = {("watch", "nginx"): 0.6, ("watch", "node"): 2}
    for name, title in (("watch", "screen on"), ("tail", "tail --json")):
        for peer in PEERS:
            if peer in results:
                ratios = [mine[1] / other[1] for mine, other in zip(results[name], results[peer])]
                line(f"hooktop, {title} / {peer}", median(ratios), "×", at_least=goals.get((name, peer)))


class Watched:
    """hooktop with its screen on."""

    title = "hooktop, screen on"
    variant = "parlay"

    def __init__(self, bench):
        self.screen = Screen(bench)
        self.pid = self.screen.pid
        self.url = f"http://127.0.0.1:{self.screen.port}/"
        self.stop = self.screen.stop

    def check(self, posted, in_flight):
        # What was on its way when wrk stopped can have arrived, too.
        received = self.screen.expect_received(posted, posted + in_flight)
        if self.screen.counter("failed") != 0:
            raise Failure(f"hooktop found {self.screen.counter('failed')} of the deliveries not valid")
        note(f"hooktop counted {received:,} deliveries, wrk {posted:,}; none failed")


class Tailed:
    """`hooktop tail --json` into a pipe whose reader only counts lines."""

    title = "hooktop, tail --json"
    variant = "parlay"

    def __init__(self, bench):
        errors = os.path.join(bench.work, "tail.log")
        self._errors = errors
        with open(errors, "w") as log:
            self.process = subprocess.Popen(
                [bench.program, "tail", "--json", "--port", "0"], stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=log)
        self._sink = subprocess.Popen(["wc", "-l"], stdin=self.process.stdout, stdout=subprocess.PIPE, text=True)
        self.process.stdout.close()
        bench.ending.callback(self.stop)
        self.pid = self.process.pid
        found = wait_until(lambda: re.search(r"http://\S+", self._said()), 10)
        if not found:
            raise Failure("hooktop tail does not say where it listens")
        self.url = found[0] + "/"

    def _said(self):
        with open(self._errors) as log:
            return log.read()

    def stop(self):
        stop(self.process)
        self._sink.wait()

    def check(self, posted, in_flight):
        stop(self.process)
        printed = int(self._sink.communicate()[0])
        missed = sum(int(count) for count in re.findall(r"(\d+) deliveries were pushed out", self._said()))
        if not posted <= printed + missed <= posted + in_flight:
            raise Failure(f"hooktop tail printed {printed} lines and missed {missed}; {posted} were posted")
        note(f"hooktop tail printed {printed:,} lines, wrk posted {posted:,}; {missed:,} were pushed out unprinted")
