#!/usr/bin/env python3
"""SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGABRT and SIGSEGV while deliveries stream: the terminal is restored, and the program dies by the signal."""
# Short: ends within some seconds.

import signal

from harness import report
from harness.endings import end_while_drawing

SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGABRT, signal.SIGSEGV]

report.run(lambda: end_while_drawing(SIGNALS))
