#!/bin/sh
# Builds the package, installs it into an empty environment outside the checkout, starts `openfls run` there without Node,
# and fetches the sign-in page with its style sheet. Needs the assets (`make assets`), and an index or a cache of packages
# for the dependencies, which pip is told of in its usual ways.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
port="${PORT:-8009}"
place=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server" 2>/dev/null || true; rm -rf "$place"' EXIT
python="$root/.venv/bin/python"
uv="${UV:-$root/.venv/bin/uv}"

test -s src/openfls/web/static/openfls/vendor/openfls.css || { echo "build the assets first: make assets" >&2; exit 1; }
"$python" -m hatchling build -t wheel -d "$place/dist" >/dev/null 2>&1
wheel=$(ls "$place"/dist/openfls-*.whl)
"$python" -m venv --without-pip "$place/venv"
# The locked versions with their hashes; from what is kept on this machine where that is enough.
"$uv" pip install --quiet --offline --python "$place/venv/bin/python" --require-hashes -r requirements/runtime.txt 2>/dev/null ||
    "$uv" pip install --quiet --python "$place/venv/bin/python" --require-hashes -r requirements/runtime.txt
"$uv" pip install --quiet --offline --python "$place/venv/bin/python" --no-deps "$wheel"

mkdir "$place/empty"
cd "$place/empty"
# No Node, nothing of the checkout, nothing of the caller's settings.
env -i PATH=/usr/bin:/bin HOME="$place" OPENFLS_DATA="$place/data" "$place/venv/bin/openfls" run --port "$port" --size 20 \
    >"$place/log" 2>&1 &
server=$!
"$place/venv/bin/python" - "$port" "$root" <<'PYTHON'
import re, sys, time, urllib.request
import openfls
port, root = sys.argv[1:]
assert root not in openfls.__file__, openfls.__file__
base = f"http://127.0.0.1:{port}"
for _ in range(300):
    try:
        page = urllib.request.urlopen(f"{base}/sign-in/", timeout=60).read().decode()
        break
    except OSError:  # not up yet, or still loading its pages
        time.sleep(1)
else:
    sys.exit("the server did not answer within five minutes")
assert "Sign in" in page
fetched = 0
for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
    answer = urllib.request.urlopen(base + address)
    assert answer.status == 200, address
    body = answer.read()
    fetched += len(body)
    if address.partition("?")[0].endswith(".css"):
        assert b"nhsuk" in body, "the style sheet is not the compiled one"
        print(f"style sheet: {len(body)} bytes")
assert fetched, "the page asks for nothing"
print(f"sign-in page: {len(page)} characters; assets: {fetched} bytes")
PYTHON
echo "the wheel works: $(basename "$wheel"), $(du -h "$wheel" | cut -f1)"
