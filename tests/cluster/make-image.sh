#!/usr/bin/env bash
# Makes a container image out of a root folder, without registry and daemon: a docker-archive of one layer, the same
# bytes for the same files. Needs tar and sha256sum.
#
#   make-image.sh NAME:TAG ROOT OUT.tar [ENTRYPOINT_AS_JSON]
set -euo pipefail
[ $# -ge 3 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
name=$1 root=$2 out=$(realpath -m "$3") entrypoint=${4:-null}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

epoch=1970-01-01T00:00:00Z
path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
tar -C "$root" --sort=name --mtime="$epoch" --numeric-owner --owner=0 --group=0 -cf "$work/layer.tar" .
digest=$(sha256sum "$work/layer.tar" | cut -d ' ' -f 1)
cat >"$work/config" <<CONFIG
{ "architecture": "amd64", "os": "linux", "created": "$epoch",
  "config": { "Entrypoint": $entrypoint, "Env": ["PATH=$path"], "WorkingDir": "/" },
  "rootfs": { "type": "layers", "diff_ids": ["sha256:$digest"] }, "history": [{ "created": "$epoch" }] }
CONFIG
config=$(sha256sum "$work/config" | cut -d ' ' -f 1).json
mv "$work/config" "$work/$config"
printf '[{ "Config": "%s", "RepoTags": ["%s"], "Layers": ["layer.tar"] }]' "$config" "$name" >"$work/manifest.json"
tar -C "$work" --mtime="$epoch" --numeric-owner --owner=0 --group=0 -cf "$out" manifest.json "$config" layer.tar
