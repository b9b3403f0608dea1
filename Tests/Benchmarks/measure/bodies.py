"""A JSON body of 10 MiB: opened by selecting its delivery, and scrolled."""

import time

from .screen import Screen
from .senders import post
from .table import heading, line, median, percentile

SIZE = 10 << 20
OPENINGS = 5
SCROLLS = 100


def _list(element):
    """As many of the element as a list of the size holds."""
    return b"[" + b",".join([element] * ((SIZE - 1) // (len(element) + 1))) + b"]"


def _string():
    """One string of the size, in which no two pages are the same: else scrolling would change nothing."""
    words = b" ".join(b"%d" % number for number in range(SIZE // 7))
    return b'"' + words[: SIZE - 2] + b'"'


RECORD = b'{"id":10000000,"name":"a record","ok":true,"score":0.5,"tags":["a","b"],"note":null}'

# Its body, the keys to be pressed first, and what stands on the screen once its first lines do.
SHAPES = {
    "records": (_list(RECORD), "", "a record"),
    "[1],[1],…": (_list(b"[1]"), "", "],"),
    "8,8,…": (_list(b"8"), "", "8,"),
    "one string, wrapped": (_string(), "w", "0 1 2"),
}


def measure(bench):
    heading(f"body: {SIZE >> 20} MiB of JSON; opened: from the key that selects it to the frame, scrolled: by Space")
    for name, (body, keys, shows) in SHAPES.items():
        opened, read, scrolled = _measure(bench, body, keys, shows)
        line(f"{name}: opened", opened, "ms", at_most=50)
        line(f"{name}: read to its end", read, "ms")
        line(f"{name}: scrolled, p99 of a frame", scrolled, "ms", at_most=16)


def _measure(bench, body, keys, shows):
    """Milliseconds to open a body and to read all of it, the medians, and to scroll in it, the 99th percentile."""
    screen = Screen(bench)
    port = screen.port
    for sent in (body, b'{"event":"small"}'):
        post(port, sent)
    screen.expect_received(2)
    # The newest, which is the small one, is selected; the large one stands below it.
    opened, read = [], []
    for _ in range(OPENINGS):
        opened.append(screen.press("j", shows=shows))
        screen.press("k")
        read.append(screen.press("j", shows="pretty"))
        screen.press("k")
    screen.press("j")
    screen.press("3")
    # Wrapping comes first, since all of a line is measured for it: that is no part of scrolling.
    for key in keys + "\r":
        screen.press(key)
    # The first page may take the cursor to the last row only, and no line with it.
    screen.send(" ")
    time.sleep(0.5)
    scrolled = [screen.press(" ") for _ in range(SCROLLS)]
    screen.stop()
    return median(opened), median(read), percentile(scrolled, 0.99)
