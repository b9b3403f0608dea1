"""A whole verification beside the bare HMAC of `openssl speed`, in turns."""

import subprocess

from . import tools
from .bench import Failure
from .table import heading, line, median, note

# Bytes of a body, and how many of them are verified in a turn.
SIZES = {412: 200_000, 16_384: 20_000}


def measure(bench):
    tools.need("openssl")
    heading(f"hmac: verify (header, HMAC, comparison) and openssl speed -hmac sha256, {bench.rounds} rounds in turns")
    program = tools.build_microbench()
    for size, count in SIZES.items():
        pairs = [(_verify(program, size, count), _openssl(size)) for _ in range(bench.rounds)]
        mine, other = (median([pair[index] for pair in pairs]) / 1e6 for index in (0, 1))
        note(f"{size:,} bytes: verify {mine:,.0f} MB/s, openssl {other:,.0f} MB/s")
        line("verify / openssl", median([a / b for a, b in pairs]), "×")


def _verify(program, size, count):
    """Bytes of body that are verified in a second."""
    command = [program, "verify", str(count), str(size), "--time"]
    nanoseconds = int(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    return size / nanoseconds * 1e9


def _openssl(size):
    """Bytes that openssl's own benchmark takes the HMAC of in a second."""
    command = ["openssl", "speed", "-hmac", "sha256", "-bytes", str(size), "-seconds", "1", "-mr"]
    output = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    results = [text.split(":") for text in output.splitlines() if text.startswith("+F")]
    if not results:
        raise Failure("openssl speed has no result")
    return float(results[-1][-1])
