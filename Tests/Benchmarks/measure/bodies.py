"""A body of 10 MiB: opened by selecting its delivery, and scrolled."""

import dataclasses
import gzip
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


@dataclasses.dataclass
class Shape:
    """A body, what stands on the screen once its first lines do, and what once all of it has been read."""

    body: bytes
    shows: str
    read: str = "pretty"
    type: str = "application/json"
    encoding: str | None = None
    # Pressed before the body is opened, and in it before it is scrolled.
    view: str = ""
    keys: str = ""


def _many(piece, before=b"", after=b""):
    """As many of the piece as make a body of the size."""
    return before + piece * ((SIZE - len(before) - len(after)) // len(piece)) + after


SHAPES = {
    "records": Shape(_list(RECORD), "a record"),
    "[1],[1],…": Shape(_list(b"[1]"), "],"),
    "8,8,…": Shape(_list(b"8"), "8,"),
    "one string, wrapped": Shape(_string(), "0 1 2", keys="w"),
    "one string, as sent": Shape(_string(), "0 1 2", "raw", view="b", keys="w"),
    "records, gzip": Shape(gzip.compress(_list(RECORD), 6), "a record", "JSON", encoding="gzip"),
    "form": Shape(_many(b"&name=a+record", b"id=1"), "a record", type="application/x-www-form-urlencoded"),
    "XML": Shape(_many(b"<r id='1'>a record</r>", b"<a>", b"</a>"), "a record", type="text/xml"),
    "text": Shape(_many(b"a record of a text\n"), "a record", "text · 10", type="text/plain"),
    "bytes": Shape(bytes(range(256)) * (SIZE >> 8), "20 21 22", "binary", type="application/octet-stream"),
    "multipart": Shape(
        _many(b"a record of a text\n", b"--x\r\nContent-Type: text/plain\r\n\r\n", b"\r\n--x--\r\n"),
        "a record", type="multipart/form-data; boundary=x"),
}


def measure(bench):
    heading(f"body: {SIZE >> 20} MiB; opened: from the key that selects it to the frame, scrolled: by Space")
    for name, shape in SHAPES.items():
        opened, read, scrolled = _measure(bench, shape)
        line(f"{name}: opened", opened, "ms", at_most=50)
        line(f"{name}: read to its end", read, "ms")
        line(f"{name}: scrolled, p99 of a frame", scrolled, "ms", at_most=16)


def _measure(bench, shape):
    """Milliseconds to open a body and to read all of it, the medians, and to scroll in it, the 99th percentile."""
    screen = Screen(bench)
    port = screen.port
    post(port, shape.body, shape.type, shape.encoding)
    post(port, b'{"event":"small"}')
    screen.expect_received(2)
    for key in shape.view:
        screen.press(key)
    # The newest, which is the small one, is selected; the large one stands below it.
    opened, read = [], []
    for _ in range(OPENINGS):
        opened.append(screen.press("j", shows=shape.shows))
        screen.press("k")
        read.append(screen.press("j", shows=shape.read))
        screen.press("k")
    screen.press("j")
    screen.press("3")
    # Wrapping comes first, since all of a line is measured for it: that is no part of scrolling.
    for key in shape.keys + "\r":
        screen.press(key)
    # The first page may take the cursor to the last row only, and no line with it.
    screen.send(" ")
    time.sleep(0.5)
    scrolled = [screen.press(" ") for _ in range(SCROLLS)]
    screen.stop()
    return median(opened), median(read), percentile(scrolled, 0.99)
