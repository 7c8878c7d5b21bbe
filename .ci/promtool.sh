#!/usr/bin/env bash
# Fetches promtool for the tests of alerts and dashboards, once, and prints where it is: PROMTOOL=…
# It is taken out of Debian's package `prometheus` without installing anything. A promtool that is on the PATH is taken as it is.
# The cache lies outside the checkout: ${PENSTOCK_CI_CACHE:-~/.cache/penstock-ci}, where the tests look too.
set -euo pipefail

cache=${PENSTOCK_CI_CACHE:-$HOME/.cache/penstock-ci}
tool=$cache/bin/promtool
mkdir -p "$cache/bin"

if [[ ! -x $tool ]]; then
  if installed=$(command -v promtool); then
    ln -sfn "$installed" "$tool"
  else
    work=$(mktemp -d)
    (
      cd "$work"
      # apt drops to its own user for downloads, who must be able to write here.
      chmod 777 .
      # `promtool` is a package of its own since Debian 13.
      download() { apt-get download promtool 2>/dev/null || apt-get download prometheus; }
      command -v apt-get >/dev/null || { echo "promtool.sh: no promtool on the PATH, and no apt to get it with"; exit 1; }
      # A fresh machine has no list of packages yet.
      download || { apt-get update -qq && download; }
      for package in ./*.deb; do
        dpkg -x "$package" unpacked
      done
      cp unpacked/usr/bin/promtool "$tool.$$"
      mv -f "$tool.$$" "$tool"
    ) >&2
    rm -rf "$work"
  fi
fi

echo "PROMTOOL=$tool"
