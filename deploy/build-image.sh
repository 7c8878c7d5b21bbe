#!/usr/bin/env bash
# Builds the native image around an executable that is built already, with buildah alone: no engine, no daemon, no
# registry. It is Containerfile.native, with the stage "rootfs" given from here instead of from its builders: libraries
# and nft are this machine's.
#
# usage: deploy/build-image.sh [TAG [EXECUTABLE]]      after `mvn package -Pnative -DskipTests`
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tag=${1:-localhost/penstock:native}
executable=${2:-target/penstock}
[ -x "$executable" ] || { echo "no $executable: run mvn package -Pnative -DskipTests" >&2; exit 1; }
command -v buildah > /dev/null || { echo "no buildah: install it, or build deploy/Containerfile.native with an engine" >&2; exit 1; }

PATH=$PATH:/usr/sbin:/sbin command -v nft > /dev/null || { echo "no nft, which the image needs: install nftables" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
deploy/rootfs.sh "$executable" "$work/rootfs" LICENSE target/penstock-sbom.json
buildah build --build-context "rootfs=$work/rootfs" \
    --build-arg "VERSION=$("$executable" version | cut -d ' ' -f 2)" \
    --build-arg "REVISION=$(git rev-parse HEAD 2> /dev/null || echo unknown)" \
    --file deploy/Containerfile.native --tag "$tag" "$work"
