# Sourced by the scripts that build parts of Kubernetes, after cache.sh: 1.20.2, from Debian's source package with its
# vendored modules, and with Debian's Go.

version=v1.20.2
commit=faecb196815e248d3ecfb03c680a4507229c2a56 # of hack/lib/version.sh in the source package
# No cloud providers, no Docker: a quarter less to compile.
tags=providerless,dockerless

# fetch_kubernetes WORK [PACKAGE...]: the tools, with these packages' files, and the mended sources below WORK; the
# working directory is then theirs.
fetch_kubernetes() {
  local work=$1
  shift
  use_own_apt "$work/apt" "deb deb-src" bookworm
  unpack_packages "$work/tools" golang-1.19-go golang-1.19-src golang-github-modern-go-reflect2-dev "$@"
  # Statically, for a baseline machine, and with nothing of the caller's Go settings.
  unset GOFLAGS GOEXPERIMENT GOOS GOARCH
  export GOROOT=$work/tools/usr/lib/go-1.19 GOPATH=$work/go GOCACHE=$work/gocache
  export GO111MODULE=off GOENV=off CGO_ENABLED=0 PATH=$work/tools/usr/lib/go-1.19/bin:$PATH
  unpack_source "$work"
  cd "$work/go/src/k8s.io/kubernetes"
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

linker_flags() {
  local vendor=k8s.io/kubernetes/vendor/k8s.io package
  printf '%s' '-s -w'
  for package in $vendor/component-base/version $vendor/client-go/pkg/version; do
    printf ' -X %s' "$package.gitVersion=$version" "$package.gitMajor=1" "$package.gitMinor=20" \
      "$package.gitCommit=$commit" "$package.gitTreeState=archive" "$package.buildDate=2021-01-13T13:20:00Z"
  done
}

# compile_kubernetes PRODUCT PACKAGE...: one command for all: linking one program overlaps with compiling the next.
compile_kubernetes() {
  local product=$1
  shift
  compile go "$@" -- -trimpath -tags "$tags" -ldflags "$(linker_flags)" -o "$product/"
}

# check_kubernetes FOLDER PROGRAM...: each one runs, and says the right version.
check_kubernetes() {
  local folder=$1 program
  shift
  for program; do
    [ "$("$folder/$program" --version)" = "Kubernetes $version" ] || { echo "$program does not run" >&2; return 1; }
  done
}

# print_folder FOLDER PROGRAM...: the folder, if all of them are there.
print_folder() {
  local folder=$1 program
  shift
  for program; do
    [ -x "$folder/$program" ] || { echo "no $program in $folder" >&2; return 1; }
  done
  echo "$folder"
}
