"""What a kept delivery takes beyond its own bytes."""

from .bench import Failure
from .processes import resident
from .screen import Screen
from .senders import Paced
from .table import heading, line

COUNT = 100_000


def load(bench):
    """A hooktop that keeps 100 000 deliveries, with what its memory grew by for each."""
    screen = Screen(bench, "--keep", "400000", "--keep-bytes", "2GiB")
    port = screen.port
    before = resident(screen.pid)
    own = Paced(bench, port, 10_000, COUNT).finish()["ownBytes"]
    screen.expect_received(COUNT)
    if screen.counter("evicted"):
        raise Failure("hooktop did not keep all deliveries")
    screen.grown = (resident(screen.pid) - before) / COUNT - own
    screen.loaded_port = port
    return screen


def measure(bench):
    heading(f"memory: {COUNT:,} deliveries kept")
    line("of a delivery beyond its bytes", bench.loaded.grown, "B", at_most=1024)
