"""leader.py REPORT IGNORED COMMAND...: leads the session of a terminal, as a shell does, and runs one command in it.

Standard input is the terminal. What becomes of the command is written to the descriptor REPORT, a line each.
IGNORED lists the signals that the command is started with ignored.
"""

import fcntl
import os
import resource
import signal
import sys
import termios


def main():
    report, ignored, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    child = os.fork()
    if child == 0:
        start(report, [int(number) for number in ignored.split(",") if number], command)
    os.write(report, f"pid {child}\n".encode())
    while True:
        _, status = os.waitpid(child, os.WUNTRACED | os.WCONTINUED)
        os.write(report, f"{word(status)}\n".encode())
        if os.WIFEXITED(status) or os.WIFSIGNALED(status):
            # The session outlives the command, so that the terminal can be looked at.
            signal.sigwait([signal.SIGTERM])
            return


def start(report, ignored, command):
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    # A background job of a shell starts with SIGINT and SIGQUIT ignored, one of nohup with SIGHUP.
    for number in signal.SIGTTOU, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE, signal.SIGXFSZ:
        signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.close(report)
    try:
        os.execv(command[0], command)
    except OSError as error:
        os.write(2, f"{command[0]}: {error}\n".encode())
        os._exit(127)


def word(status):
    if os.WIFSTOPPED(status):
        return "stopped"
    if os.WIFCONTINUED(status):
        return "continued"
    return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit {os.WEXITSTATUS(status)}"


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    main()
