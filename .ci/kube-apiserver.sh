#!/usr/bin/env bash
# Builds a real Kubernetes API server, its controller manager and etcd for the tests, once, outside the checkout, and prints
# the folder they are in. Nobody ships these binaries in a package registry, but all of their sources are Go modules:
# k8s.io/kubernetes refers to the k8s.io libraries by folders of its own repository, which are published as modules too,
# with a version that follows from its own. Needs Go and its module proxy; costs about ten CPU minutes the first time.
#
#   .ci/kube-apiserver.sh            builds what is missing, prints the folder
#   .ci/kube-apiserver.sh --where    prints the folder, exit code 1 if it is not built yet
#   .ci/kube-apiserver.sh kubelet    builds another program of Kubernetes too (see .ci/kubelet.sh)
set -euo pipefail

version=${PENSTOCK_KUBERNETES_VERSION:-1.34.4}
etcd=${PENSTOCK_ETCD_VERSION:-3.6.4}
cache=${PENSTOCK_CI_CACHE:-$HOME/.cache/penstock-ci}
bin=$cache/kubernetes-$version

complete() { [ -x "$bin/kube-apiserver" ] && [ -x "$bin/kube-controller-manager" ] && [ -x "$bin/etcd" ]; }

if [ "${1:-}" = --where ]; then
  echo "$bin"
  complete
  exit
fi
if complete && { [ $# = 0 ] || [ -x "$bin/$1" ]; }; then
  echo "$bin"
  exit
fi
command -v go >/dev/null || { echo "kube-apiserver.sh: no go on the PATH" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$bin"
export CGO_ENABLED=0 GOFLAGS="-mod=mod -buildvcs=false -trimpath"

# Builds package $3 of module $1 at version $2, with the linker flags $4, into the file $5.
build() {
  (cd "$work/$(basename "$5")" && go get "$1@$2" && go build -p 2 -ldflags "-s -w $4" -o "$5.new" "$3" && mv "$5.new" "$5") >&2
}

# A module of its own that requires Kubernetes and says where its libraries are published.
kubernetes() {
  local name=$1 mod=$work/$1
  [ -x "$bin/$name" ] && return
  mkdir -p "$mod"
  local original
  original=$(cd "$mod" && go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
  {
    echo "module penstock.io/ci"
    sed -n 's/^go /go /p; s/^godebug /godebug /p' "$original"
    sed -n "s|^\t\(k8s.io/[a-z-]*\) => ./staging/.*|replace \1 => \1 v0.${version#*.}|p" "$original"
  } >"$mod/go.mod"
  build k8s.io/kubernetes "v$version" "k8s.io/kubernetes/cmd/$name" \
    "-X k8s.io/component-base/version.gitVersion=v$version -X k8s.io/component-base/version.gitMajor=${version%%.*} -X k8s.io/component-base/version.gitMinor=$(cut -d. -f2 <<<"$version")" \
    "$bin/$name"
}

kubernetes kube-apiserver
kubernetes kube-controller-manager
[ $# = 0 ] || kubernetes "$1"
if ! [ -x "$bin/etcd" ]; then
  mkdir -p "$work/etcd"
  (cd "$work/etcd" && go mod init penstock.io/ci) >&2
  build go.etcd.io/etcd/server/v3 "v$etcd" go.etcd.io/etcd/server/v3 "" "$bin/etcd"
fi
echo "$bin"
