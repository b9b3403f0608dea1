"""Deliveries a second through `--answer forward`, and what that adds to an answer, beside other proxies.

All stand in front of one nginx, which is measured by itself as well: what it takes alone is what is not the proxy's.
"""

import os
import subprocess

from . import peers, tools
from .bench import Failure
from .processes import cpu_time, free_port, is_listening, stop, wait_until
from .senders import CONNECTIONS, Paced, wrk
from .table import heading, line, median, note

RATE = 500
SECONDS = 8
OTHERS = {"nginx": peers.nginx_proxy, "mitmdump": peers.mitmdump}


def measure(bench):
    tools.need("wrk", "node", "nginx")
    heading(
        f"forward: deliveries a second to an app, wrk -t1 -c{CONNECTIONS}, 412 bytes each, "
        f"{bench.rounds} rounds of {bench.turn:g} s, in turns")
    app = peers.nginx(bench)
    proxies = {"hooktop": _hooktop(bench, app.url)} | _start_others(bench, app.url)
    speeds = {name: [] for name in proxies}
    for _ in range(bench.rounds):
        for name, proxy in proxies.items():
            speeds[name].append(_turn(bench, proxy))
    for name, turns in speeds.items():
        _print_speed(proxies[name].title, turns)
    for name, goal in (("nginx", 0.5), ("mitmdump", 10)):
        if name in speeds:
            ratios = [mine[0] / other[0] for mine, other in zip(speeds["hooktop"], speeds[name])]
            line(f"hooktop / {proxies[name].title}", median(ratios), "×", at_least=goal)
    _measure_added(bench, app, _fast_enough(proxies, speeds))
    for server in (app, *proxies.values()):
        stop(server.process)


def _hooktop(bench, app):
    port = free_port()
    command = [bench.program, "tail", "--port", str(port), "--forward", app.rstrip("/")]
    with open(os.path.join(bench.work, "forward.log"), "w") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
    bench.ending.callback(stop, process)
    if not wait_until(lambda: process.poll() is not None or is_listening(port), 10) or process.poll() is not None:
        raise Failure("hooktop tail --forward does not start")
    return peers.Peer("hooktop, --answer forward", process, f"http://127.0.0.1:{port}/")


def _start_others(bench, app):
    others = {}
    for name, start in OTHERS.items():
        if tools.get(name):
            note(f"{name}: skipped, it is not on this machine and apt-get does not bring it")
            continue
        try:
            others[name] = start(bench, app)
        except Failure as failure:
            note(f"{name}: skipped, {failure}")
    return others


def _turn(bench, proxy):
    before = cpu_time(proxy.pid)
    requests, seconds = wrk(bench, proxy.title, proxy.url)
    return requests / seconds, (cpu_time(proxy.pid) - before) / requests


def _print_speed(title, turns):
    speeds = [speed for speed, _ in turns]
    cost = median([cost for _, cost in turns]) * 1e6
    note(f"{title:<30} {median(speeds):>9,.0f}   ({min(speeds):,.0f} to {max(speeds):,.0f})   {cost:.1f} µs of CPU each")


def _fast_enough(proxies, speeds):
    """Those that keep up: of any other, the wait in its queue would be measured, which grows for as long as it is."""
    slow = {name for name, turns in speeds.items() if median([speed for speed, _ in turns]) < 1.2 * RATE}
    for name in slow:
        note(f"{proxies[name].title}: too slow for {RATE} deliveries a second, so what it adds is not measured")
    return {name: proxy for name, proxy in proxies.items() if name not in slow}


def _measure_added(bench, app, proxies):
    """What each adds to nginx's own answer, in turns: the median of the rounds' differences."""
    heading(f"forward: what is added to the app's own answer at {RATE} deliveries a second")
    added = {name: [] for name in proxies}
    for _ in range(bench.rounds):
        alone = _paced(bench, app)
        for name, proxy in proxies.items():
            times = _paced(bench, proxy)
            added[name].append({part: times[part] - alone[part] for part in ("p50", "p99")})
    for name, rounds in added.items():
        for part in ("p50", "p99"):
            goal = 3 if (name, part) == ("hooktop", "p99") else None
            line(f"{proxies[name].title}, {part}", median([times[part] for times in rounds]), "ms", at_most=goal)


def _paced(bench, server):
    port = int(server.url.rstrip("/").split(":")[-1])
    return Paced(bench, port, RATE, RATE * SECONDS).finish()
