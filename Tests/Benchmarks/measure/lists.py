"""A filter over, and a search through, 100 000 kept deliveries: from the key to the changed frame."""

import os
import subprocess
import time

from . import tools
from .bench import Failure
from .table import heading, line, median

RUNS = 20
# One figure takes no longer than this, in seconds, however few runs that makes.
LONGEST = 5
KEPT = 100_000


# Every question that a filter can ask, but for those of an app, which answers none of these deliveries.
FILTERS = (
    "type:analysis.*", "live:false", "sig:valid", "provider:parlay", "id:evt_*7", "header:x-parlay-event=analysis.*",
    "path:/hooks*", "time:>18:02", "age:>300", "size:>10k", "answer:2xx", "app:none", "took:>1s", "disagree",
    "endpoint:a*", "src:wire", "cause:body*", "attempt:>1", "seq:>1000", "dup", "marked", "~zebra",
)


def measure_filter(bench):
    wanted = os.environ.get("FILTERS", "").split()
    chosen = [term for term in FILTERS if not wanted or term.startswith(tuple(wanted))]
    if not chosen:
        raise Failure(f"no term begins with {' or '.join(wanted)}: use {' '.join(FILTERS)}")
    heading(f"filter: {KEPT:,} deliveries kept, from Enter to the first frame and to the last, median of {RUNS}")
    for expression in chosen:
        first = _submitting(bench.loaded, "f", expression, quiet=0.001)
        line(f"f {expression}: the newest", first, "ms", at_most=10)
        line(f"f {expression}: all", _submitting(bench.loaded, "f", expression, quiet=0.1), "ms")
    if not wanted:
        line("put on and taken off, without a screen: the newest", _alone("filter"), "ms", at_most=10)


def measure_search(bench):
    heading(f"search: {KEPT:,} deliveries kept, from Enter to the frame, median of {RUNS}")
    line("/ for a text that none holds", _submitting(bench.loaded, "/", "zebra"), "ms", at_most=100)
    line("f ~text that none holds", _submitting(bench.loaded, "f", "~zebra"), "ms", at_most=100)
    line("/ without a screen", _alone("search"), "ms", at_most=100)


def _submitting(screen, opener, text, quiet=0.03):
    """Milliseconds until the last frame that shows what became of the text, after which none comes for so long."""
    times = []
    end = time.monotonic() + LONGEST
    while len(times) < RUNS and (not times or time.monotonic() < end):
        screen.press(opener)
        screen.press(text)
        times.append(screen.press("\r", quiet=quiet))
        screen.press("\x1b")
    return median(times)


def _alone(work):
    """Milliseconds of CPU of one piece of work of microbench over as many deliveries."""
    command = [tools.build_microbench(), work, "5", str(KEPT), "--time"]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return int(output) / 1e6
