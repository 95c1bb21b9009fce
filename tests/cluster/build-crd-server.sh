#!/usr/bin/env bash
# Builds a Kubernetes API server for custom resources, once, from Debian sid's packages of Kubernetes' libraries: 1.36
# or later, which evaluates rules in CEL. (Debian has no whole API server of that age.) Needs apt and a Debian mirror;
# no root, and nothing that stays but the program (80 MB). control-plane.sh starts it beside the old server.
#
#   build-crd-server.sh            builds, unless that was done, and prints the path of the program
#   build-crd-server.sh --where    prints the path; fails where there is none yet
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/cache.sh"

build() {
  local product=$1 work=$PWD libraries=golang-k8s-apiextensions-apiserver-dev packages version
  echo "building a Kubernetes API server for custom resources, once (5 to 15 minutes) …"
  use_own_apt "$work/apt" deb sid
  packages=$(apt-get -s install golang-go $libraries golang-k8s-apiserver-dev golang-k8s-kms-dev |
    awk '/^Inst golang-/ { print $2 }')
  # 0.36.4 of the libraries is 1.36.4 of Kubernetes.
  version=v1$(apt-cache show $libraries | sed -nE 's/^Version: 0(\.[0-9]+\.[0-9]+).*/\1/p' | sed -n 1p)
  echo "fetching $(wc -w <<<"$packages") packages …"
  # shellcheck disable=SC2086 # one word a package
  unpack_packages "$work/tools" $packages
  unset GOFLAGS GOEXPERIMENT GOOS GOARCH
  GOROOT=$(echo "$work"/tools/usr/lib/go-*/)
  export GOROOT GOPATH=$work/tools/usr/share/gocode GOCACHE=$work/gocache
  export GO111MODULE=off GOENV=off GOTOOLCHAIN=local GOTELEMETRY=off CGO_ENABLED=0 PATH=$GOROOT/bin:$PATH
  cd "$GOPATH/src/k8s.io/apiextensions-apiserver"
  echo "compiling $version …"
  local flags="-s -w" key
  for key in gitVersion="$version" gitMajor=1 gitMinor="$(cut -d . -f 2 <<<"$version")"; do
    flags+=" -X k8s.io/component-base/version.$key"
  done
  compile go . -- -trimpath -ldflags "$flags" -o "$product/crd-server"
  "$product/crd-server" --help >/dev/null
}

folder=$(cache_folder crd-server "${BASH_SOURCE[0]}")
[ "${1:-}" = --where ] || build_once "$folder" build >&2
[ -x "$folder/crd-server" ] || { echo "no crd-server in $folder" >&2; exit 1; }
echo "$folder/crd-server"
