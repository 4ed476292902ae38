"""The commands by name, and what a mistake, an interruption or a closed pipe ends with.

Without a command, the dashboard starts, which Ctrl-C ends with status 0. A person's mistake ends
with status 2 and one sentence on stderr; an interrupted run is kept and ends with 130; a run whose
loss was not finite any more ends with 1.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from mlpdash.cli.bench import add_bench, bench
from mlpdash.cli.dashboard import add_dashboard, check_alone, dashboard
from mlpdash.cli.lists import add_lists, datasets, presets
from mlpdash.cli.output import INTERRUPTED, MISTAKE, proposals
from mlpdash.cli.predict import add_predict, predict
from mlpdash.cli.results import add_export, add_results, export, results
from mlpdash.cli.train import add_train, train
from mlpdash.errors import MlpDashError
from mlpdash.text import _
from mlpdash.training.machine.openmp import wait_briefly
from mlpdash.version import VERSION


class _Parser(argparse.ArgumentParser):
    """Says a mistake in one sentence, without the usage above it."""

    def error(self, message: str) -> NoReturn:
        raise MlpDashError(
            _('{message}. See "{command} --help".').format(message=message, command=self.prog)
        )


def main(arguments: Sequence[str] | None = None, name: str = "mlpdash") -> int:
    """Run one command and return its exit status.

    Parameters
    ----------
    arguments : the words after the program's name; those of the process when None
    name : what the program was called as, for its messages
    """
    wait_briefly()
    try:
        chosen = parser(name).parse_args(arguments)
        check_alone(chosen)
        return COMMANDS[chosen.command](chosen)
    except MlpDashError as mistake:
        print(mistake, *proposals(mistake.cures), sep="\n", file=sys.stderr)
        return MISTAKE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def parser(name: str = "mlpdash") -> argparse.ArgumentParser:
    """Return the parser of the command line; the flags of `train` come from the specs."""
    top = _Parser(
        prog=name,
        usage=f"{name} [--port N] [--address HOST] [--no-browser]\n       {name} COMMAND ...",
        description=_(
            "Train multilayer perceptrons and watch them learn. Without a command, this starts "
            "the dashboard and opens it in a browser."
        ),
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"mlpdash {VERSION}")
    add_dashboard(top)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title=_("commands"), prog=name)
    add_train(commands)
    add_results(commands)
    add_predict(commands)
    add_export(commands)
    add_bench(commands)
    add_lists(commands)
    return top


COMMANDS = {
    None: dashboard,
    "train": train,
    "results": results,
    "predict": predict,
    "export": export,
    "bench": bench,
    "datasets": datasets,
    "presets": presets,
}
