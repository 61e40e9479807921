"""`openfls`: the same work from a shell. Each command lives in its own file under `commands/`."""

from __future__ import annotations

import sys

from openfls.commands.all import app
from openfls.record.errors import BadInput


def main() -> None:
    """Run the command line; bad input ends with one clear line on standard error and exit code 2."""
    try:
        app()
    except BadInput as error:
        print(f"openfls: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
