# Sourced by the scripts that build servers for the tests: a cache outside the checkout, and an apt of their own.

# cache_folder NAME FILE...: the folder of what these files build; when one of them changes, the folder is another.
cache_folder() {
  local name=$1
  shift
  echo "${XDG_CACHE_HOME:-$HOME/.cache}/codeparrot/$name-$(cat "$@" | sha256sum | cut -c -12)"
}

# build_once FOLDER FUNCTION: FUNCTION fills the new folder that it is given; FOLDER is then whole, or not there at all.
build_once() {
  local folder=$1 build=$2 family=${1%-*}
  [ ! -d "$folder" ] || return 0
  mkdir -p "$(dirname "$folder")"
  exec 9>"$family.lock"
  flock -n 9 || { echo "waiting for another build of $family …"; flock 9; }
  [ ! -d "$folder" ] || return 0
  # Whoever holds the lock is the only builder: a folder that is there was left behind by a killed one.
  rm -rf "$family"-*.part.*
  part=$(mktemp -d "$folder.part.XXXXXX")
  trap 'rm -rf "$part"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  mkdir "$part/product"
  (cd "$part" && "$build" "$part/product") 9>&-
  mv "$part/product" "$folder"
}

# use_own_apt FOLDER TYPES SUITE: from here on apt-get knows that suite of this machine's Debian mirror and nothing
# else, and keeps everything below FOLDER. The machine's own lists, sources and packages are left alone; no root needed.
use_own_apt() {
  local folder=$1 types=$2 suite=$3 codename mirror
  codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  mirror=$(apt-get update --print-uris | sed -nE "s|^'(.*)/dists/$codename/main/binary-.*|\1|p" | sed -n 1p)
  [ -n "$mirror" ] || { echo "no Debian mirror among the sources of apt" >&2; return 1; }
  mkdir -p "$folder"/{lists,archives}/partial
  : >"$folder/status"
  printf '%s: %s\n' Types "$types" URIs "$mirror" Suites "$suite" Components main \
    Signed-By /usr/share/keyrings/debian-archive-keyring.gpg >"$folder/own.sources"
  cat >"$folder/apt.conf" <<CONF
Dir::State "$folder";
Dir::State::lists "$folder/lists";
Dir::State::status "$folder/status";
Dir::Cache "$folder";
Dir::Cache::archives "$folder/archives";
Dir::Etc::sourcelist "$folder/own.sources";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Sandbox::User "";
APT::Install-Recommends "false";
// Mirrors lag behind; what they have is signed all the same.
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
  export APT_CONFIG=$folder/apt.conf
  apt-get -qq update
}

# unpack_packages FOLDER NAME...: these packages' files, without what they depend on.
unpack_packages() {
  local folder=$1 package
  shift
  mkdir -p "$folder/debs"
  (cd "$folder/debs" && apt-get -qq download "$@")
  for package in "$folder"/debs/*.deb; do dpkg-deb -x "$package" "$folder"; done
  rm -rf "$folder/debs"
}

# compile GO_COMMAND PACKAGE... -- OPTION...: go build, with a line now and then about how far it is. What it compiled
# it leaves to the next build in the folder CODEPARROT_GO_CACHE, if there is one: two parts of Kubernetes share most.
compile() {
  local go=$1 packages=() total
  export GOCACHE=${CODEPARROT_GO_CACHE:-$GOCACHE}
  shift
  while [ "$1" != -- ]; do packages+=("$1"); shift; done
  shift
  total=$("$go" list -deps "${packages[@]}" | wc -l)
  "$go" build -v "$@" "${packages[@]}" 2>&1 | awk -v total="$total" '
    /^[a-zA-Z0-9_.\/-]+$/ { if (++done % 150 == 0) { print "  " done " of " total " packages"; fflush() }; next }
    { print; fflush() }'
}
