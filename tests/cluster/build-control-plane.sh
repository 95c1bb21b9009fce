#!/usr/bin/env bash
# Builds a Kubernetes control plane for the tests, once: kube-apiserver and kube-controller-manager from Debian's source
# package "kubernetes" (1.20.2, with its vendored modules), and etcd as Debian has it. Needs apt, a Debian mirror,
# dpkg-dev and xz-utils; no root, and nothing that stays but the three programs (140 MB).
#
#   build-control-plane.sh            builds, unless that was done, and prints the folder of the programs
#   build-control-plane.sh --where    prints the folder; fails where there is none yet
#
# KUBEBUILDER_ASSETS=DIR names a folder that has the three programs, for example an installed cluster's: it is taken as
# it is.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/cache.sh"
. "$here/kubernetes.sh"

build() {
  local product=$1 work=$PWD
  echo "building a Kubernetes $version control plane for the tests, once (4 to 10 minutes) …"
  fetch_kubernetes "$work" etcd-server
  generate_openapi "$work"
  echo "compiling …"
  compile_kubernetes "$product" ./cmd/kube-apiserver ./cmd/kube-controller-manager
  cp "$work/tools/usr/bin/etcd" "$product/"
  check_kubernetes "$product" kube-apiserver kube-controller-manager
  "$product/etcd" --version >/dev/null
}

# The one generated file that the source package lacks; Kubernetes' own makefiles make it the same way.
generate_openapi() {
  local work=$1 folders
  go build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
  folders=$({
    grep -rl --include='*.go' '^// *+k8s:openapi-gen=' cmd pkg plugin
    (cd vendor && grep -Rl --include='*.go' '^// *+k8s:openapi-gen=' k8s.io | sed 's,^,vendor/,')
  } | grep -v -e '^vendor/k8s.io/\(code-generator\|sample-[a-z-]*\|gengo\|kube-openapi\)/' -e _test.go |
    xargs -n 1 dirname | LC_ALL=C sort -u | sed 's,^,k8s.io/kubernetes/,' | paste -sd ,)
  "$work/openapi-gen" --logtostderr -i "$folders" -p k8s.io/kubernetes/pkg/generated/openapi -O zz_generated.openapi \
    -h vendor/k8s.io/code-generator/hack/boilerplate.go.txt -r "$work/violations" -o "$work/go/src" \
    2>"$work/openapi-gen.log" || { tail "$work/openapi-gen.log" >&2; return 1; }
  [ -s pkg/generated/openapi/zz_generated.openapi.go ]
}

folder=${KUBEBUILDER_ASSETS:-$(cache_folder control-plane "${BASH_SOURCE[0]}" "$here/kubernetes.sh")}
if [ -z "${KUBEBUILDER_ASSETS:-}" ] && [ "${1:-}" != --where ]; then build_once "$folder" build >&2; fi
print_folder "$folder" kube-apiserver kube-controller-manager etcd
