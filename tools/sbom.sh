#!/bin/sh
# What openfls is made of (CycloneDX), in build/: sbom-python.json and sbom-npm.json. With --audit also what is known
# against it: that asks the network, so it is no part of `make test`; it ends with 1 where something is known, or where
# nobody answered.
set -eu
cd "$(dirname "$0")/.."
mkdir -p build
.venv/bin/cyclonedx-py requirements --output-reproducible --of JSON -o build/sbom-python.json requirements/runtime.txt
# npm names its list after the package, which has no version because it is never published: a copy gets one.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp package.json package-lock.json "$copy"
(cd "$copy" && npm pkg set version=0.0.0 && npm sbom --sbom-format cyclonedx --package-lock-only) > build/sbom-npm.json
for file in build/sbom-python.json build/sbom-npm.json; do
    printf '%s: ' "$file"
    .venv/bin/python -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["components"]), "components")' "$file"
done
[ "${1:-}" = "--audit" ] || exit 0
known=0
.venv/bin/uvx pip-audit --strict --require-hashes --disable-pip -r requirements/runtime.txt || known=1
npm audit --package-lock-only || known=1
exit "$known"
