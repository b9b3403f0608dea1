#!/usr/bin/env python3
"""Standard input closed or /dev/null, TERM dumb, unset or unknown: goes on as tail, and says so; no UTF-8 locale: draws in ASCII."""
# Short: ends within some seconds.

import os
import subprocess

from harness import program, report
from harness.deliveries import post
from harness.process import Process, until
from harness.report import require
from harness.terminal import Terminal


def without_terminal(name, standard_input, prepare):
    reading, writing = os.pipe()
    child = subprocess.Popen(
        [program.path(), "watch", "--port", "0"], env=program.environment(), stdin=standard_input,
        stdout=writing, stderr=writing, preexec_fn=prepare)
    os.close(writing)
    try:
        process = Process(child.pid)
        port = until(f"{name}: a port", lambda: process.port)
        require(post(port)[0] == 200, f"{name}: a delivery is not answered 200")
        said = b""
        while b"webhook.test" not in said:
            data = os.read(reading, 65536)
            require(data, f"{name}: it ended with {said!r}")
            said += data
        require(b"going on as hooktop tail" in said, f"{name}: it does not say that it goes on as tail")
    finally:
        child.kill()
        child.wait()
        os.close(reading)


def close_input():
    program.without_core()
    os.close(0)


def with_terminal(name, words, **variables):
    with Terminal(variables=variables) as terminal:
        port = until(f"{name}: a port", lambda: terminal.port)
        until(f"{name}: a word about it", lambda: words in terminal.recorded)
        require(post(port)[0] == 200, f"{name}: a delivery is not answered 200")
        until(f"{name}: the delivery", lambda: b"webhook.test" in terminal.recorded)
        require(b"\x1b" not in terminal.recorded, f"{name}: the terminal got escape sequences")


def without_utf8(locale):
    with Terminal(variables={"LC_ALL": locale}) as terminal:
        port = terminal.wait_for_screen()
        require(post(port)[0] == 200, f"{locale}: a delivery is not answered 200")
        until(f"{locale}: the delivery", lambda: b"+ valid" in terminal.recorded)
        require(max(terminal.recorded) < 0x80, f"{locale}: the terminal got other bytes than ASCII")


def measure():
    without_terminal("closed input", None, close_input)
    without_terminal("/dev/null", subprocess.DEVNULL, program.without_core)
    with_terminal("TERM=dumb", b"the terminal type dumb cannot show a screen", TERM="dumb")
    with_terminal("no TERM", b"TERM is not set", TERM=None)
    with_terminal("unknown TERM", b"the terminal type hooktop-unknown is not known", TERM="hooktop-unknown")
    for locale in "C", "POSIX", "xx_XX":
        without_utf8(locale)
    return "5 places without a screen go on as tail, 3 locales are drawn in ASCII"


report.run(measure)
