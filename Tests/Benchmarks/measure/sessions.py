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
# Each of them is searched, since none is the same as another.
FAILED = 1000
# lnav reads some megabytes a second: of a whole session it would take minutes.
LNAV_BYTES = 40_000_000
# So that a program that hangs ends the run, in seconds.
LIMIT = 120


def measure(bench):
    valid, some, failed = (os.path.join(bench.work, f"{name}.ndjson") for name in ("valid", "some", "failed"))
    recording.write(valid, COUNT, failed=0)
    recording.write(some, COUNT // 10, failed=100)
    recording.write(failed, FAILED, failed=10_000)
    size = os.path.getsize(valid)
    heading(f"session: {COUNT:,} deliveries, {size / 1e6:,.0f} MB, all valid; {os.cpu_count()} cores")
    try:
        _verify(bench, valid, some, failed)
        _open(bench, valid, size)
        _peers(bench, valid)
    finally:
        # The largest by far of what a run writes.
        os.remove(valid)


def _verify(bench, valid, some, failed):
    line("verify", COUNT / _seconds(bench, valid), "/s", at_least=60_000)
    line("verify --json", COUNT / _seconds(bench, valid, "--json"), "/s", at_least=60_000)
    line("verify, 1 % of a tenth of it failed", COUNT // 10 / _seconds(bench, some, code=12), "/s")
    line(f"verify, {FAILED:,} that all failed", FAILED / _seconds(bench, failed, code=12), "/s")


def _seconds(bench, path, *options, code=0):
    secret = recording.SECRET
    environment = dict(os.environ, PARLAY_SIGNING_SECRET=secret, PARABLE_SIGNING_SECRET=secret)
    seconds, status = _timed([bench.program, "verify", *options, path], environment)
    # Of several kinds of failures, the first one's.
    if status not in ((code, 13) if code else (0,)):
        raise Failure(f"hooktop verify ended with {status}, and {code} is due")
    return seconds


def _timed(command, environment=None):
    """How many seconds a command takes, and the code that it ends with."""
    start = time.monotonic()
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        ended = subprocess.run(command, env=environment, timeout=LIMIT, **quiet)
    except subprocess.TimeoutExpired:
        raise Failure(f"{os.path.basename(command[0])} takes more than {LIMIT} s") from None
    return time.monotonic() - start, ended.returncode


def _open(bench, path, size):
    screen = Screen(bench, path, command=("open",))
    first = screen.wait_for("loaded")
    line("open: first frame", (first - screen.started) * 1000, "ms", at_most=100)
    end = wait_until(lambda: time.monotonic() if _is_loaded(screen) else None, LIMIT)
    if not end:
        raise Failure("hooktop has not loaded the session")
    line("open: loaded", size / 1e6 / (end - screen.started), "MB/s", at_least=150)
    peak = resident(screen.pid, most=True)
    line(f"open: memory, {peak / 1e6:,.0f} MB", 100 * peak / size, "% of the file", at_most=25)
    screen.stop()


def _is_loaded(screen):
    text = screen.text()
    return " loaded" in text and "loading" not in text


def _peers(bench, path):
    part = os.path.join(bench.work, "part.ndjson")
    with open(path, "rb") as file, open(part, "wb") as beginning:
        beginning.write(file.read(LNAV_BYTES))
        beginning.write(file.readline())
    # lnav leaves folders in the user's home.
    environment = dict(os.environ, HOME=bench.work)
    peers = (
        ("jq", path, "reads all of it", ["-c", 'select(.verdict.status != "valid") | .sequence']),
        ("lnav", part, f"reads {shown(LNAV_BYTES / 1e6)} MB of it", ["-n"]),
    )
    for name, file, what, options in peers:
        if tools.get(name):
            note(f"{name} is skipped: apt-get does not bring it")
            continue
        seconds, status = _timed([name, *options, file], environment)
        if status != 0:
            raise Failure(f"{name} ended with {status}")
        line(f"{name} {what}", os.path.getsize(file) / 1e6 / seconds, "MB/s")
