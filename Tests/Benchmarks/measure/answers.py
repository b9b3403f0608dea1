"""How long an answer takes at 2000 deliveries a second, alone and beside forged ones."""

from .screen import Screen
from .senders import Paced
from .table import heading, line, median

RATE = 2000
KEEPING = ("--keep", "200000", "--keep-bytes", "1GiB")


def measure(bench):
    heading(f"answers: screen on, {RATE} deliveries a second for 10 s")
    screen = Screen(bench, *KEEPING)
    times = Paced(bench, screen.port, RATE, 10 * RATE).finish()
    screen.expect_received(10 * RATE)
    screen.stop()
    line("answer, p50", times["p50"], "ms")
    line("answer, p99", times["p99"], "ms", at_most=5)
    line("answer, p99.9", times["p999"], "ms")


def measure_beside_forged(bench):
    """Three times in turns, alone and beside 10 000 forged deliveries that hooktop looks into."""
    heading(f"forged: screen on, {RATE} deliveries a second, alone and beside as many that are forged")
    screen = Screen(bench, *KEEPING)
    port = screen.port
    alone, beside = [], []
    for _ in range(3):
        alone.append(Paced(bench, port, RATE, 5 * RATE).finish()["p99"])
        forger = Paced(bench, port, RATE, 5 * RATE, forged=True)
        beside.append(Paced(bench, port, RATE, 5 * RATE).finish()["p99"])
        forger.finish()
    screen.expect_received(3 * 15 * RATE)
    screen.stop()
    line("answer alone, p99", median(alone), "ms")
    line("answer beside forged ones, p99", median(beside), "ms")
    line("the one by the other", median([b / a for a, b in zip(alone, beside)]), "×", at_most=1.25)
