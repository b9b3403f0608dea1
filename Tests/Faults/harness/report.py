"""How a fault says how it went: one line, and the exit code."""

import os
import signal
import sys
import traceback


class Failed(Exception):
    """hooktop did not do what it promises; the words say what it did instead."""


def require(is_right, words):
    """Fails the fault with `words` unless it is right."""
    if not is_right:
        raise Failed(words)


def run(measure, within=120):
    """Runs a fault and prints its line; it fails after `within` seconds, whatever it is waiting for.

    `measure` returns the figure, or raises.
    """
    name = os.path.splitext(os.path.basename(sys.argv[0]))[0]
    signal.signal(signal.SIGALRM, lambda *_: _give_up(within))
    # A fault that is ended from outside ends what it has started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.alarm(within)
    try:
        word, figure = "pass", measure()
    except Failed as reason:
        word, figure = "fail", str(reason)
    except Exception as error:
        traceback.print_exc(limit=-4)
        word, figure = "fail", f"{type(error).__name__}: {error}"
    signal.alarm(0)
    print(f"{word}  {name}  {' '.join(figure.split())}", flush=True)
    sys.exit(1 if word == "fail" else 0)


def _give_up(seconds):
    raise Failed(f"not done within {seconds} s")
