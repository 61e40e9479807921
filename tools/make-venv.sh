#!/bin/sh
# Makes .venv with everything that is locked, and the checkout itself in it. $1: the Python to use.
set -eu
cd "$(dirname "$0")/.."
if ! "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python" >&2
    exit 1
fi
if ! "$1" -m venv .venv 2>/dev/null; then
    # Debian keeps the part of Python that makes environments in a package of its own.
    tools/debian-install.sh python3-venv
    "$1" -m venv --clear .venv
fi
export PIP_DISABLE_PIP_VERSION_CHECK=1
# uv installs what is locked several times as fast as pip. It is locked too, and pip stands in where uv is not
# told of the mirror that pip is told of.
sed -n '/^uv==/,/[^\\]$/p' requirements/dev.txt >.venv/uv.txt
.venv/bin/python -m pip install --quiet --require-hashes -r .venv/uv.txt
.venv/bin/uv pip install --quiet --python .venv/bin/python --compile-bytecode --require-hashes -r requirements/dev.txt ||
    .venv/bin/python -m pip install --quiet --require-hashes -r requirements/dev.txt
.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
