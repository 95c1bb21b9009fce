#!/usr/bin/env bash
# Checks the chart and packs it; the same files give the same bytes, whoever packs them and when.
#   charts/package.sh [FOLDER]     prints the archive's path; FOLDER is artifacts/chart
# helm checks it where there is one; else the renderer of tests/cluster does, which must be able to render it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=${1:-artifacts/chart}
value() { sed -nE "s/^$1: *\"?([^\"]*)\"?\$/\1/p" charts/codeparrot/Chart.yaml; }

if command -v helm >/dev/null; then
  helm lint --strict charts/codeparrot >&2
else
  renderer=$(tests/cluster/build-helm.sh)
  "$renderer" template codeparrot charts/codeparrot >/dev/null
fi
cmp -s crds/trainingruns.codeparrot.dev.yaml charts/codeparrot/files/trainingruns.codeparrot.dev.yaml ||
  { echo "the chart's copy of the definition is stale: run make generate" >&2; exit 1; }
mkdir -p "$folder"
archive=$folder/$(value name)-$(value version).tgz
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --format=ustar -C charts -c codeparrot |
  gzip -9n >"$archive"
echo "$archive"
