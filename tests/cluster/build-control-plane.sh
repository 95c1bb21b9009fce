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

version=v1.20.2
commit=faecb196815e248d3ecfb03c680a4507229c2a56 # of hack/lib/version.sh in the source package
programs="kube-apiserver kube-controller-manager etcd"

build() {
  local product=$1 work=$PWD
  echo "building a Kubernetes $version control plane for the tests, once (4 to 10 minutes) …"
  use_own_apt "$work/apt" "deb deb-src" bookworm
  unpack_packages "$work/tools" golang-1.19-go golang-1.19-src etcd-server golang-github-modern-go-reflect2-dev
  # Statically, for a baseline machine, and with nothing of the caller's Go settings.
  unset GOFLAGS GOEXPERIMENT GOOS GOARCH
  export GOROOT=$work/tools/usr/lib/go-1.19 GOPATH=$work/go GOCACHE=$work/gocache
  export GO111MODULE=off GOENV=off CGO_ENABLED=0 PATH=$work/tools/usr/lib/go-1.19/bin:$PATH

  unpack_source "$work"
  cd "$work/go/src/k8s.io/kubernetes"
  generate_openapi "$work"
  echo "compiling …"
  # One command for both: linking one program overlaps with compiling the other. No cloud providers, no Docker.
  compile go ./cmd/kube-apiserver ./cmd/kube-controller-manager -- \
    -trimpath -tags providerless,dockerless -ldflags "$(linker_flags)" -o "$product/"
  cp "$work/tools/usr/bin/etcd" "$product/"
  check "$product"
}

unpack_source() {
  local work=$1 tree=$1/go/src/k8s.io/kubernetes
  mkdir -p "$work/source" "$(dirname "$tree")"
  (cd "$work/source" && apt-get -qq source --download-only kubernetes)
  # apt has checked the hashes.
  dpkg-source --no-check -x "$work"/source/kubernetes_*.dsc "$tree" >/dev/null
  # The vendored reflect2 1.0.1 corrupts memory when built with Go 1.18 or later: the server dies at the first custom
  # resource with labels. Debian's own package is the mended 1.0.2.
  local reflect2=github.com/modern-go/reflect2
  grep -q go1.18 "$work/tools/usr/share/gocode/src/$reflect2/go_above_118.go"
  rm -rf "${tree:?}/vendor/$reflect2"
  cp -rL "$work/tools/usr/share/gocode/src/$reflect2" "$tree/vendor/$reflect2"
  # A comparison of two reflect.Values, which never held with the Go of its time, holds for "" with newer ones: every
  # empty text in a custom resource would be refused as null.
  local library types
  for library in k8s.io/kube-openapi/pkg/validation github.com/go-openapi; do
    types=$tree/vendor/$library/validate/type.go
    sed -i 's/if data == nil || reflect.DeepEqual(reflect.Zero(.*/if data == nil {/' "$types"
    grep -q 'if data == nil {' "$types"
  done
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

linker_flags() {
  local vendor=k8s.io/kubernetes/vendor/k8s.io package
  printf '%s' '-s -w'
  for package in $vendor/component-base/version $vendor/client-go/pkg/version; do
    printf ' -X %s' "$package.gitVersion=$version" "$package.gitMajor=1" "$package.gitMinor=20" \
      "$package.gitCommit=$commit" "$package.gitTreeState=archive" "$package.buildDate=2021-01-13T13:20:00Z"
  done
}

check() {
  local program
  for program in kube-apiserver kube-controller-manager; do
    [ "$("$1/$program" --version)" = "Kubernetes $version" ] || { echo "$program does not run" >&2; return 1; }
  done
  "$1/etcd" --version >/dev/null
}

folder=${KUBEBUILDER_ASSETS:-$(cache_folder control-plane "${BASH_SOURCE[0]}")}
if [ -z "${KUBEBUILDER_ASSETS:-}" ] && [ "${1:-}" != --where ]; then build_once "$folder" build >&2; fi
for program in $programs; do
  [ -x "$folder/$program" ] || { echo "no $program in $folder" >&2; exit 1; }
done
echo "$folder"
