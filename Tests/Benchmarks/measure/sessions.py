"""A long recorded session: verified, and opened on the screen, beside jq and lnav."""

import os
import subprocess
import time

from . import recording, tools
from .bench import Failure
from .processes import resident, wait_until
from .screen import Screen
from .table import heading, line, note, shown

COUNT = int(os.environ.get("DELIVERIES", 1_000_000))
FAILED = 1000


def measure(bench):
    valid, failed = (os.path.join(bench.work, name) for name in ("valid.ndjson", "failed.ndjson"))
    recording.write(valid, COUNT, failed=0)
    recording.write(failed, FAILED, failed=10_000)
    size = os.path.getsize(valid)
    heading(f"session: {COUNT:,} deliveries, {size / 1e6:,.0f} MB, all valid; {os.cpu_count()} cores")
    try:
        _verify(bench, valid, failed)
        _peers(valid, size)
        _open(bench, valid, size)
    finally:
        # The largest by far of what a run writes.
        os.remove(valid)


def _verify(bench, valid, failed):
    line("verify", COUNT / _seconds(bench, valid), "/s", at_least=60_000)
    line("verify --json", COUNT / _seconds(bench, valid, "--json"), "/s", at_least=60_000)
    line("verify, all failed", FAILED / _seconds(bench, failed, code=12), "/s")


def _seconds(bench, path, *options, code=0):
    secret = recording.SECRET
    environment = dict(os.environ, PARLAY_SIGNING_SECRET=secret, PARABLE_SIGNING_SECRET=secret)
    seconds, status = _timed([bench.program, "verify", *options, path], environment)
    if status != code:
        raise Failure(f"hooktop verify ended with {status}, and {code} is due")
    return seconds


def _timed(command, environment=None):
    start = time.monotonic()
    ended = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return time.monotonic() - start, ended.returncode


def _peers(path, size):
    commands = {
        "jq": ["jq", "-c", 'select(.verdict.status != "valid") | .sequence', path],
        "lnav": ["lnav", "-n", path],
    }
    for name, command in commands.items():
        if tools.get(name):
            note(f"{name} is skipped: apt-get does not bring it")
        else:
            line(f"{name} reads all of it", size / 1e6 / _timed(command)[0], "MB/s")


def _open(bench, path, size):
    screen = Screen(bench, path, command=("open",))
    first = screen.wait_for("loaded")
    line("open: first frame", (first - screen.started) * 1000, "ms", at_most=100)
    end = wait_until(lambda: time.monotonic() if _is_loaded(screen) else None, 600)
    if not end:
        raise Failure("hooktop has not loaded the session")
    line("open: loaded", size / 1e6 / (end - screen.started), "MB/s", at_least=150)
    peak = resident(screen.pid, most=True)
    line(f"open: memory, of {shown(size / 1e6)} MB", peak / 1e6, "MB", at_most=size / 4e6)
    screen.stop()


def _is_loaded(screen):
    text = screen.text()
    return " loaded" in text and "loading" not in text
