#!/bin/sh
# Installs the oracle's packages into the user's cache, once, and prints the folder that NODE_PATH must name.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
key=$(cat "$here/package.json" "$here/package-lock.json" | sha256sum | cut -c1-16)
folder="${XDG_CACHE_HOME:-$HOME/.cache}/codeparrot/oracle-$key"
if [ ! -f "$folder/complete" ]; then
  mkdir -p "$folder"
  cp "$here/package.json" "$here/package-lock.json" "$folder/"
  (cd "$folder" && npm ci --no-audit --no-fund >&2)
  touch "$folder/complete"
fi
echo "$folder/node_modules"
