#!/bin/sh
# Installs the oracle's packages into the user's cache, once, and prints the folder that NODE_PATH must name.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
key=$(cat "$here/package.json" "$here/package-lock.json" | sha256sum | cut -c1-16)
cache="${XDG_CACHE_HOME:-$HOME/.cache}/codeparrot"
folder="$cache/oracle-$key"
if [ ! -d "$folder" ]; then
  mkdir -p "$cache"
  # Built beside its place and moved there whole: another process may be installing too.
  new=$(mktemp -d "$folder.XXXXXX")
  cp "$here/package.json" "$here/package-lock.json" "$new/"
  (cd "$new" && npm ci --no-audit --no-fund >&2)
  mv -T "$new" "$folder" || rm -r "$new"
fi
echo "$folder/node_modules"
