"""hooktop on a terminal of its own: keys in, frames out, each read with its time."""

import collections
import fcntl
import os
import pty
import re
import signal
import struct
import termios
import threading
import time

from .bench import Failure
from .processes import wait_until

# What changes nothing but the style of the text behind it.
_STYLES = re.compile(rb"\x1b(?:\[[0-9;]*m|\(B)")
_ESCAPES = re.compile(rb"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|[()][A-Z0-9]|[=>78M])|[\x0e\x0f]")
REDRAW = "\x0c"


def spawn(command, environment, errors=None, columns=120, rows=36):
    """Starts a command on a pseudo-terminal; gives its process and the other end of that."""
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if errors is not None:
            os.dup2(errors, 2)
        os.execvpe(command[0], command, environment)
    return child, terminal


class Screen:
    """A hooktop on a pseudo-terminal of 120x36 that is read all the time, as a terminal does it."""

    def __init__(self, bench, *options, command=("watch", "--port", "0")):
        command = [bench.program, *command, *options]
        self.started = time.monotonic()
        self.pid, self._terminal = spawn(command, os.environ)
        self._reads = collections.deque()
        self._news = threading.Condition()
        self._is_closed = False
        self.byte_count = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        bench.ending.callback(self.stop)

    def _read(self):
        while True:
            try:
                piece = os.read(self._terminal, 65536)
            except OSError:
                piece = b""
            with self._news:
                self.byte_count += len(piece)
                self._reads.append((time.monotonic(), piece))
                # What nobody asks for is let go.
                while len(self._reads) > 2000:
                    self._reads.popleft()
                self._is_closed = not piece
                self._news.notify()
            if not piece:
                return

    def stop(self):
        if self.pid is None:
            return
        os.kill(self.pid, signal.SIGTERM)
        pid, self.pid = self.pid, None
        ended = wait_until(lambda: os.waitpid(pid, os.WNOHANG)[0], 5)
        if not ended:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        self._reader.join()
        os.close(self._terminal)
        if not ended:
            raise Failure("hooktop does not end on SIGTERM")

    def forget(self):
        """Forgets what was read so far."""
        with self._news:
            self._reads.clear()

    def send(self, keys):
        os.write(self._terminal, keys.encode())

    def press(self, keys, shows=None, quiet=0.03, limit=10):
        """Milliseconds from a key to its frame: to where it holds the text `shows`, else to its last byte."""
        self.forget()
        start = time.monotonic()
        self.send(keys)
        if shows is None:
            seen, end = self._frame(quiet, start + limit)
        else:
            seen, end = self._read_until(shows.encode(), start + limit)
        if end is None:
            raise Failure(f"the key {keys!r} changes nothing on the screen: {seen[-200:]!r}")
        return (end - start) * 1000

    def _frame(self, quiet, deadline):
        """What comes until nothing has for so long, and when the last of it came."""
        seen, end = b"", None
        while (left := deadline - time.monotonic()) > 0:
            piece = self._next(min(left, quiet) if seen else left)
            if piece is None:
                break
            end = piece[0]
            seen += piece[1]
        return seen, end

    def _read_until(self, text, deadline):
        """What comes until it holds the text, in whatever colors, and when the end of that came."""
        seen = b""
        while (left := deadline - time.monotonic()) > 0:
            piece = self._next(left)
            if piece is None:
                break
            seen += piece[1]
            if text in _STYLES.sub(b"", seen):
                return seen, piece[0]
        return seen, None

    def _next(self, seconds):
        """The next piece that is read, with its time; None where none comes."""
        with self._news:
            self._news.wait_for(lambda: self._reads or self._is_closed, seconds)
            piece = self._reads.popleft() if self._reads else None
        if piece is not None and not piece[1]:
            raise Failure("hooktop has ended")
        return piece

    def wait_for(self, text, limit=10):
        """When the text first came on the screen."""
        seen, end = self._read_until(text.encode(), time.monotonic() + limit)
        if end is None:
            raise Failure(f"hooktop does not show {text}: {seen[-200:]!r}")
        return end

    def text(self):
        """The text of the whole screen, drawn anew for it."""
        self.forget()
        self.send(REDRAW)
        seen, _ = self._frame(0.1, time.monotonic() + 5)
        return _ESCAPES.sub(b" ", seen).decode(errors="replace")

    @property
    def port(self):
        found = wait_until(lambda: re.search(r"http://127\.0\.0\.1:(\d+)", self.text()), 10)
        if not found:
            raise Failure("hooktop shows no address")
        return int(found[1])

    def counter(self, word):
        """The number before a word in the top line; None while it can't be read."""
        found = re.search(rf"([\d,]+) *{word}", self.text())
        return int(found[1].replace(",", "")) if found else None

    def expect_received(self, lowest, highest=None):
        """Waits until so many deliveries are counted; more or fewer is a failure."""
        highest = lowest if highest is None else highest
        count = None

        def is_there():
            nonlocal count
            count = self.counter("received")
            return count is not None and lowest <= count <= highest

        if not wait_until(is_there, 10):
            raise Failure(f"hooktop counted {count} deliveries, and {lowest} were posted")
        return count
