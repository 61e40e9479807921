#!/bin/sh
# What openfls is made of (CycloneDX), in build/: sbom-python.json and sbom-npm.json. With --audit also what is known
# against it: that asks the network, so it is no part of `make test`; it ends with 1 where something is known.
set -eu
cd "$(dirname "$0")/.."
mkdir -p build
.venv/bin/cyclonedx-py requirements --output-reproducible --of JSON -o build/sbom-python.json requirements/runtime.txt
npm sbom --sbom-format cyclonedx --package-lock-only --omit optional > build/sbom-npm.json
for file in build/sbom-python.json build/sbom-npm.json; do
    printf '%s: ' "$file"
    .venv/bin/python -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["components"]), "components")' "$file"
done
[ "${1:-}" = "--audit" ] || exit 0
known=0
uvx pip-audit --require-hashes --disable-pip -r requirements/runtime.txt || known=1
npm audit --package-lock-only || known=1
exit "$known"
