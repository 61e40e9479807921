#!/bin/sh
# Installs what the tests need (a browser, PostgreSQL) and runs them all: once on SQLite, then what touches a
# database again on PostgreSQL. The last line says how many ran.
set -eu
cd "$(dirname "$0")/.."
# The browser without its windows is a quarter faster than the whole one, which stands in where it is not to be had.
command -v chromium-headless-shell >/dev/null ||
    tools/debian-install.sh chromium-headless-shell fonts-dejavu-core ||
    tools/debian-install.sh chromium fonts-dejavu-core
command -v psql >/dev/null && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || tools/debian-install.sh postgresql
exec .venv/bin/python tools/run_tests.py "$@"
