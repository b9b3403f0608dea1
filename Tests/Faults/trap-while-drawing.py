#!/usr/bin/env python3
"""A trap while drawing, as Swift's own checks end a program (SIGILL, SIGTRAP), and SIGBUS and SIGFPE: the terminal is restored."""
# Short: ends within some seconds.

import signal

from harness import report
from harness.endings import end_while_drawing

SIGNALS = [signal.SIGTRAP, signal.SIGILL, signal.SIGBUS, signal.SIGFPE]

report.run(lambda: end_while_drawing(SIGNALS))
