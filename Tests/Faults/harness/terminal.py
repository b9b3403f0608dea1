"""hooktop on a terminal of its own, a pty: every byte that reaches it is kept."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import threading

from . import program
from .process import Process, until
from .report import require

# Nothing prints such a byte.
_MARK = b"\xfe"
_LEADER = os.path.join(os.path.dirname(__file__), "leader.py")


class Terminal(Process):
    """A terminal with hooktop in its foreground, and a session leader that outlives it."""

    def __init__(self, *arguments, columns=120, rows=36, ignoring=(), variables={}, command=None):
        """Without arguments, `hooktop watch --port 0`; `command` is run in hooktop's place."""
        self.master, self.slave = pty.openpty()
        self.resize(columns, rows)
        self.modes = self.stty()
        self.recorded = bytearray()
        self.reports = []
        self._is_closed = False
        command = command or [program.path(), *(arguments or ("watch", "--port", "0"))]
        reading, writing = os.pipe()
        self.leader = subprocess.Popen(
            [sys.executable, _LEADER, str(writing), ",".join(str(int(one)) for one in ignoring), *command],
            stdin=self.slave, stdout=self.slave, stderr=self.slave, pass_fds=[writing], start_new_session=True,
            env=program.environment(**variables))
        os.close(writing)
        self._wake_read, self._wake_write = os.pipe()
        self._recorder = threading.Thread(target=self._record, daemon=True)
        self._recorder.start()
        threading.Thread(target=self._listen, args=[reading], daemon=True).start()
        until("a process", lambda: self.reports)
        super().__init__(int(self.reports[0].split()[1]))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.is_running:
            os.kill(self.pid, 9)
        self.leader.kill()
        self.leader.wait()
        self.hang_up()
        os.close(self.slave)

    def _record(self):
        # A read that waits would hold the terminal open, so it is never begun.
        while self._wake_read not in select.select([self.master, self._wake_read], [], [])[0]:
            try:
                self.recorded += os.read(self.master, 65536)
            except OSError:
                return

    def _listen(self, descriptor):
        with os.fdopen(descriptor) as lines:
            for line in lines:
                self.reports.append(line.strip())

    def wait_for_screen(self):
        """Waits for the first frame; returns the receiver's port."""
        until("a screen", lambda: b"Deliveries" in self.recorded)
        return self.port

    def wait_for_report(self, word, times=1, within=5):
        """Waits until the session leader has seen `word` so often: `stopped` or `continued`."""
        until(f"{word} ({times})", lambda: self.reports.count(word) >= times, within)

    def wait_for_end(self, within=5):
        """How the program ended: `exit 0` or `signal 15`."""
        return until(
            "the end", lambda: next((one for one in self.reports if one.startswith(("exit", "signal"))), None),
            within)

    def resize(self, columns, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def stty(self):
        return subprocess.run(["stty", "-g"], stdin=self.slave, capture_output=True, text=True, check=True).stdout

    def settle(self):
        """Waits until all that was written to the terminal is recorded."""
        os.write(self.slave, _MARK)
        until("the end of what was written", lambda: self.recorded.endswith(_MARK))
        del self.recorded[-len(_MARK):]

    def hang_up(self):
        """Takes the terminal away, as closing its window does."""
        if self._is_closed:
            return
        self._is_closed = True
        os.write(self._wake_write, b"x")
        self._recorder.join()
        os.close(self.master)

    def require_restored(self, after):
        """Fails unless the terminal is as it was before the program."""
        self.settle()
        require(b"\x1b[?1049h" in self.recorded, f"{after}: there never was an alternate screen")
        for name, sequence, due in (
            ("alternate screen", rb"\x1b\[\?1049([hl])", b"l"),
            ("bracketed paste", rb"\x1b\[\?2004([hl])", b"l"), ("cursor", rb"\x1b\[\?25([hl])", b"h"),
            ("keypad", rb"\x1b\[\?1([hl])", b"l"), ("mouse", rb"\x1b\[\?100[0-3]([hl])", b"l"),
        ):
            last = self._last(sequence)
            require(last in (None, due), f"{after}: the terminal's {name} is left {last}")
        modes = self.stty()
        require(modes == self.modes, f"{after}: stty -g was {self.modes} and is {modes}")

    def _last(self, pattern):
        found = re.findall(pattern, self.recorded)
        return found[-1] if found else None
