#!/usr/bin/env bash
# What KubeletIT needs for a real node: a kubelet, built beside the API server (.ci/kube-apiserver.sh, about five CPU minutes
# more the first time), and from Debian a container runtime, a pod network, and what images are built of. Needs root to
# install what is missing. Prints the folder of the kubelet.
#
#   .ci/kubelet.sh            builds and installs what is missing
#   .ci/kubelet.sh --where    prints the folder, exit code 1 if something is missing
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
PATH=$PATH:/usr/sbin:/sbin

complete() {
  local program
  for program in containerd ctr runc buildah nft iptables ip nsenter; do
    command -v "$program" >/dev/null || return 1
  done
  [ -x /usr/lib/cni/bridge ] && [ -x /bin/busybox ]
}

if [ "${1:-}" = --where ]; then
  where=$(./kube-apiserver.sh --where) || { echo "$where"; exit 1; }
  echo "$where"
  [ -x "$where/kubelet" ] && complete
  exit
fi
if ! complete; then
  install=(apt-get install -y -qq --no-install-recommends containerd runc buildah
    containernetworking-plugins busybox-static nftables iptables iproute2 util-linux)
  export DEBIAN_FRONTEND=noninteractive
  "${install[@]}" >&2 || { apt-get update -qq >&2 && "${install[@]}" >&2; }
fi
exec ./kube-apiserver.sh kubelet
