"""Starts of hooktop that must fail, on a terminal."""

from . import program
from .report import require
from .terminal import Terminal


def require_refused(name, words, options, prefix=()):
    """Fails unless `hooktop watch` with `options` ends with 1, in one line with all of `words`, without a screen."""
    with Terminal(command=[*prefix, program.path(), "watch", *options]) as terminal:
        end = terminal.wait_for_end()
        # Its last words come through the terminal after its end.
        terminal.settle()
        said = terminal.recorded.decode(errors="replace")
        require(end == "exit 1", f"{name}: {end}, with {said!r}")
        require("\x1b" not in said, f"{name}: the terminal got {said!r}")
        require(said.count("\n") == 1 and said.startswith("hooktop: "), f"{name}: no single line, but {said!r}")
        for word in words:
            require(word in said, f"{name}: the line does not name {word}: {said!r}")
        require(program.SECRET not in said, f"{name}: the line shows the secret")
        return said.strip()
