#!/usr/bin/env bash
# Builds a renderer of charts for machines without helm, once, from Debian's package of helm's template functions. Needs
# apt and a Debian mirror; no root, and nothing that stays but the program (6 MB). Debian has no helm.
#
#   build-helm.sh            builds, unless that was done, and prints the path of the program
#   build-helm.sh --where    prints the path; fails where there is none yet
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/cache.sh"

build() {
  local product=$1 work=$PWD packages
  echo "building a renderer of charts, once (half a minute) …"
  use_own_apt "$work/apt" deb bookworm
  packages=$(apt-get -s install golang-1.19-go golang-github-masterminds-sprig-dev golang-k8s-sigs-yaml-dev |
    awk '/^Inst golang-/ { print $2 }')
  # shellcheck disable=SC2086 # one word a package
  unpack_packages "$work/tools" $packages
  unset GOFLAGS GOEXPERIMENT GOOS GOARCH
  export GOROOT=$work/tools/usr/lib/go-1.19 GOPATH=$work/tools/usr/share/gocode GOCACHE=$work/gocache
  export GO111MODULE=off GOENV=off CGO_ENABLED=0 PATH=$work/tools/usr/lib/go-1.19/bin:$PATH
  [ -z "$(gofmt -l "$here/helm")" ] || { echo "not formatted: $(gofmt -l "$here/helm")" >&2; return 1; }
  mkdir -p "$GOPATH/src/helm-template"
  cp "$here"/helm/*.go "$GOPATH/src/helm-template/"
  cd "$GOPATH/src/helm-template"
  go vet .
  go build -trimpath -ldflags "-s -w" -o "$product/helm-template" .
}

folder=$(cache_folder helm "${BASH_SOURCE[0]}" "$here"/helm/*.go)
[ "${1:-}" = --where ] || build_once "$folder" build >&2
[ -x "$folder/helm-template" ] || { echo "no helm-template in $folder" >&2; exit 1; }
echo "$folder/helm-template"
