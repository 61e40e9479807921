#!/bin/sh
# Writes the locks: every version with its hashes, and no address of any index.
set -eu
cd "$(dirname "$0")/.."
uv="${UV:-.venv/bin/uv}"
"$uv" pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 \
    pyproject.toml -o requirements/runtime.txt
"$uv" pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 \
    --extra dev -c requirements/runtime.txt pyproject.toml -o requirements/dev.txt
"$uv" pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 \
    --extra spark -c requirements/runtime.txt pyproject.toml -o requirements/spark.txt
