#!/usr/bin/env bash
# Installs the SDKs for Node.js that the tests NpmSdk*IT call, in the versions of src/test/resources/npm/package.json, once, and prints
# where: NPM_SDKS=…
# Needs Node.js and npm. The cache lies outside the checkout: ${PENSTOCK_CI_CACHE:-~/.cache/penstock-ci}, where the tests look too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

place=${PENSTOCK_CI_CACHE:-$HOME/.cache/penstock-ci}/npm-sdks
wanted=src/test/resources/npm/package.json
# Copied last, so that an installation which was cut short is not taken for a whole one.
if ! cmp -s "$wanted" "$place/installed.json"; then
  rm -rf "$place"
  mkdir -p "$place"
  cp "$wanted" "$place/package.json"
  npm install --prefix "$place" --no-package-lock --no-audit --no-fund --silent >&2
  cp "$wanted" "$place/installed.json"
fi

echo "NPM_SDKS=$place"
