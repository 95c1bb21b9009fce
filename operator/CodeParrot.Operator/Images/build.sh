#!/usr/bin/env bash
# Builds images with docker, podman or buildah, whichever works here; `make image` calls it.
#
#   build.sh IMAGE...     operator, trainer, trainer-cpu; trainer-python and trainer-cpu-python, which run HumanEval
#
#   IMAGE_PREFIX   names are IMAGE_PREFIX/operator:VERSION and so on; default localhost/codeparrot
#   BUILD          sdk (default) publishes inside of the SDK's image, host with this machine's SDK
#   IMAGE_FLAGS    more arguments for the builder, as in "--build-arg OPERATOR_BASE=registry.example.com/base:1"
#   ENGINE         docker, podman or buildah; default is the first that works
#   ARCHIVES       folder for docker-archives of the images, IMAGE.tar; default none
#
# The time in the image is the last commit's, or SOURCE_DATE_EPOCH: the same sources give the same image.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
[ $# -ge 1 ] || { sed -n '4,13s/^# \{0,1\}//p' "$0" >&2; exit 2; }

works() { command -v "$1" >/dev/null && "$1" info >/dev/null 2>&1; }

find_engine() {
  local engine
  for engine in docker podman buildah; do
    if works $engine; then echo $engine; return; fi
  done
  echo "no docker, podman or buildah that works here" >&2
  return 1
}

engine=${ENGINE:-$(find_engine)}
prefix=${IMAGE_PREFIX:-localhost/codeparrot}
build=${BUILD:-sdk}
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
created=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)

for image; do
  name=$prefix/$image:$version
  echo "building $name with $engine …"
  if [ "$build" != sdk ]; then
    [ "$image" = "${image%-python}" ] || operator/CodeParrot.Operator/Images/python.sh artifacts/publish/python
    operator/CodeParrot.Operator/Images/publish.sh "${image%-python}" "artifacts/publish/${image%-python}"
  fi
  flags=(--target "$image" --tag "$name" --build-arg "BUILD=$build" --build-arg "VERSION=$version"
    --build-arg "REVISION=$revision" --label "org.opencontainers.image.created=$created")
  case $engine in
    docker) flags+=(--build-arg SOURCE_DATE_EPOCH) command=(docker build) ;;
    podman) flags+=(--timestamp "$SOURCE_DATE_EPOCH" --layers) command=(podman build) ;;
    buildah) flags+=(--timestamp "$SOURCE_DATE_EPOCH" --layers) command=(buildah build) ;;
  esac
  # shellcheck disable=SC2086 # words of the caller
  "${command[@]}" "${flags[@]}" ${IMAGE_FLAGS:-} .
  [ -n "${ARCHIVES:-}" ] || continue
  mkdir -p "$ARCHIVES"
  rm -f "$ARCHIVES/$image.tar"
  case $engine in
    buildah) buildah push --quiet "$name" "docker-archive:$ARCHIVES/$image.tar:$name" ;;
    *) "$engine" save --output "$ARCHIVES/$image.tar" "$name" ;;
  esac
done
