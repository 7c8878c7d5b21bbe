#!/usr/bin/env bash
# Installs what the example application of deploy/example needs to run, once, and prints where: EXAMPLE=…
# Needs Node.js and npm. The cache lies outside the checkout: ${PENSTOCK_CI_CACHE:-~/.cache/penstock-ci}, where its test looks too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command -v npm >/dev/null || { echo "example.sh: no npm on the PATH" >&2; exit 1; }

place=${PENSTOCK_CI_CACHE:-$HOME/.cache/penstock-ci}/example
mkdir -p "$place"
if ! cmp -s deploy/example/package.json "$place/package.json" || [[ ! -d $place/node_modules/openai ]]; then
  cp deploy/example/package.json "$place/package.json"
  npm install --prefix "$place" --omit=dev --no-audit --no-fund --silent >&2
fi

echo "EXAMPLE=$place"
