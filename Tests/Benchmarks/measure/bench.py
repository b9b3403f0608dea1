"""What all figures of one run share: settings, the program, a work folder, and what was started."""

import contextlib
import os
import secrets
import shutil
import signal
import tempfile

from . import tools


class Failure(Exception):
    """The figures would mean nothing: says why, in one sentence."""


class Bench:
    def __init__(self):
        self.rounds = int(os.environ.get("ROUNDS", 5))
        self.turn = float(os.environ.get("TURN", 3))
        self.ending = contextlib.ExitStack()
        self._program = None
        self._loaded = None

    def __enter__(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        self.work = tempfile.mkdtemp(prefix="hooktop-benchmark-")
        self.ending.callback(shutil.rmtree, self.work, ignore_errors=True)
        os.environ["PATH"] += ":/usr/sbin"
        os.environ["LANG"] = "C.UTF-8"
        os.environ["TERM"] = "xterm-256color"
        os.environ["PARLAY_SIGNING_SECRET"] = "whsec_benchmark_" + secrets.token_hex(8)
        for name in ("NO_COLOR", "PARABLE_SIGNING_SECRET", "LC_ALL"):
            os.environ.pop(name, None)
        return self

    def __exit__(self, *_):
        self.ending.close()

    @property
    def program(self):
        """The path of hooktop, which is built where none is given."""
        if self._program is None:
            path = os.environ.get("HOOKTOP") or tools.build_hooktop()
            if not os.access(path, os.X_OK):
                raise Failure(f"{path} is not a program")
            self._program = os.path.realpath(path)
        return self._program

    @property
    def loaded(self):
        """A hooktop that keeps 100 000 deliveries; the same one for all figures that need it."""
        if self._loaded is None:
            from .memory import load

            self._loaded = load(self)
        return self._loaded
