#!/usr/bin/env bash
# Builds what a node needs besides build-control-plane.sh's programs, once: kubelet, kube-proxy and kube-scheduler of
# the same Kubernetes, a DNS server for the cluster (kdns/main.go: Debian has none that knows Kubernetes), and the
# program that holds a pod's namespaces. Needs apt, a Debian mirror, dpkg-dev, xz-utils, gcc and libc6-dev; no root, and
# nothing that stays but the five programs (160 MB).
#
#   build-node.sh            builds, unless that was done, and prints the folder of the programs
#   build-node.sh --where    prints the folder; fails where there is none yet
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/cache.sh"
. "$here/kubernetes.sh"

build() {
  local product=$1 work=$PWD
  echo "building a Kubernetes $version node for the tests, once (3 to 8 minutes) …"
  fetch_kubernetes "$work"
  # This kubelet removes the object of a pod that ended at a tick of ten seconds; tests need not wait so long. It is the
  # only change of what it does.
  sed -i 's/syncPeriod = 10 \* time.Second/syncPeriod = 1 * time.Second/' pkg/kubelet/status/status_manager.go
  grep -q 'syncPeriod = 1 \* time.Second' pkg/kubelet/status/status_manager.go
  mkdir cmd/kdns
  cp "$here/kdns/main.go" cmd/kdns/
  gcc -Os -static -s -DVERSION=test -o "$product/pause" build/pause/linux/pause.c
  echo "compiling …"
  compile_kubernetes "$product" ./cmd/kubelet ./cmd/kube-proxy ./cmd/kube-scheduler ./cmd/kdns
  check_kubernetes "$product" kubelet kube-proxy kube-scheduler
}

folder=$(cache_folder node "${BASH_SOURCE[0]}" "$here/kubernetes.sh" "$here/kdns/main.go")
[ "${1:-}" = --where ] || build_once "$folder" build >&2
print_folder "$folder" kubelet kube-proxy kube-scheduler kdns pause
