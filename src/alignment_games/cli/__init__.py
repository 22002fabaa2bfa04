"""The command line: ``alignment-games report``, ``sweep``, ``regions``, and more."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TextIO

from .._version import __version__
from ..errors import AlignmentGamesError, OutputError
from .cases import add_cases, add_figures
from .conditions import add_condition
from .grids import add_regions, add_sweep
from .priors import add_priors
from .proofs import add_prove

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        ``sys.argv[1:]`` by default.

    Returns
    -------
    int
        0; or 1 if ``prove`` left a proposition unproved; or 2 after an error, of which one line was
        written to standard error; or 130 after an interruption.
    """
    options = _parser().parse_args(arguments)
    try:
        _print(options.run(options))
    except KeyboardInterrupt:
        more = ""
        if str(getattr(options, "output", "")).endswith(".zarr"):
            more = f"; the same command goes on with what is in {options.output}"
        print(f"alignment-games: interrupted{more}", file=sys.stderr)
        return 130
    except AlignmentGamesError as error:
        print(f"alignment-games: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    return int(options.exit_status)


def _print(text: str) -> None:
    """Write to standard output, in its encoding; a reader that leaves early is no error."""
    stream: TextIO | None = sys.stdout
    if stream is None:
        msg = "standard output is closed; write to a file with -o FILE"
        raise OutputError(msg)
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:  # a pager, for example, was left
        _discard_output()
    except OSError as error:
        _discard_output()
        msg = f"cannot write to standard output: {error.strerror}"
        raise OutputError(msg) from None


def _discard_output() -> None:
    """Send what is still buffered nowhere, so that the interpreter ends quietly."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="alignment-games",
        description="When does hedging beat balancing and bandwagoning?",
        epilog="Each command has its own --help.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.set_defaults(exit_status=0)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    for add in (
        add_cases,
        add_condition,
        add_prove,
        add_sweep,
        add_regions,
        add_priors,
        add_figures,
    ):
        add(commands)
    return parser
