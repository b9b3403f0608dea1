"""A filter over, and a search through, 100 000 kept deliveries: from the key to the changed frame."""

import subprocess

from . import tools
from .table import heading, line, median

RUNS = 20
KEPT = 100_000


def measure_filter(bench):
    heading(f"filter: {KEPT:,} deliveries kept, from Enter to the frame, median of {RUNS}")
    for expression in ("type:analysis.*", "sig:valid", "size:>10k", "id:evt_*7"):
        line(f"f {expression}", _submitting(bench.loaded, "f", expression), "ms", at_most=10)
    line("put on and taken off, without a screen", _alone("filter"), "ms", at_most=10)


def measure_search(bench):
    heading(f"search: {KEPT:,} deliveries kept, from Enter to the frame, median of {RUNS}")
    line("/ for a text that none holds", _submitting(bench.loaded, "/", "zebra"), "ms", at_most=100)
    line("f ~text that none holds", _submitting(bench.loaded, "f", "~zebra"), "ms", at_most=100)
    line("/ without a screen", _alone("search"), "ms", at_most=100)


def _submitting(screen, opener, text):
    """Milliseconds until the frame that shows what became of the text."""
    times = []
    for _ in range(RUNS):
        screen.press(opener)
        screen.press(text)
        times.append(screen.press("\r"))
        screen.press("\x1b")
    return median(times)


def _alone(work):
    """Milliseconds of CPU of one piece of work of microbench over as many deliveries."""
    command = [tools.build_microbench(), work, "5", str(KEPT), "--time"]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return int(output) / 1e6
