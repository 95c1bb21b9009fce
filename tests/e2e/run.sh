#!/usr/bin/env bash
# Installs the chart in a Kubernetes cluster, and there trains, kills, drains, suspends, resumes, rolls back and deletes.
# The last line counts the tests; artifacts/e2e holds logs. `make e2e` calls it.
#
#   run.sh            on a node of our own on this machine (tests/cluster/node.sh; root), with images built here
#   run.sh current    in the cluster of the current kubeconfig, for a user who may do everything. Its nodes have the
#                     images from CODEPARROT_E2E_REGISTRY (`make image IMAGE_PREFIX=registry.example.com/codeparrot`,
#                     and a push), and reach the S3 server that CODEPARROT_TEST_S3_ENDPOINT, _ACCESS_KEY and
#                     _SECRET_KEY name. What only a node of our own can show is skipped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export CODEPARROT_E2E_RESULTS=artifacts/e2e CODEPARROT_E2E_ARCHIVES=artifacts/images
base=localhost/codeparrot-base:1

say() { printf '[%4d s] %s\n' "$SECONDS" "$*"; }

build_images() {
  tests/cluster/make-base-image.sh $base "$CODEPARROT_E2E_ARCHIVES/base.tar"
  buildah pull --quiet "docker-archive:$CODEPARROT_E2E_ARCHIVES/base.tar" >/dev/null
  ENGINE=buildah BUILD=host ARCHIVES=$CODEPARROT_E2E_ARCHIVES IMAGE_PREFIX=localhost/codeparrot \
    IMAGE_FLAGS="--pull-never --quiet --build-arg OPERATOR_BASE=$base --build-arg TRAINER_CPU_BASE=$base" \
    operator/CodeParrot.Operator/Images/build.sh operator trainer-cpu
}

# What a node of ours must not leave on the machine.
leftovers() {
  ip netns | grep '^codeparrot-' || true
  ip -o link | grep -o 'codeparrot[0-9]*' || true
  grep -o 'codeparrot-e2e-[^ ]*' /proc/mounts || true
  find /sys/fs/cgroup -maxdepth 2 -type d -name 'codeparrot-*'
  pgrep -fa 'codeparrot-e2e-' || true
}

rm -rf "$CODEPARROT_E2E_RESULTS"
mkdir -p "$CODEPARROT_E2E_RESULTS" "$CODEPARROT_E2E_ARCHIVES"
case ${1:-} in
  '')
    before=$(leftovers)
    say "building what is not in the cache of a Kubernetes node and a renderer of charts …"
    CODEPARROT_GO_CACHE=$(mktemp -d)
    export CODEPARROT_GO_CACHE
    trap 'rm -rf "$CODEPARROT_GO_CACHE"' EXIT
    for part in control-plane node helm; do
      tests/cluster/build-$part.sh >/dev/null
      say "$part: there"
    done
    rm -rf "$CODEPARROT_GO_CACHE"
    say "building the images …"
    build_images >"$CODEPARROT_E2E_RESULTS/images.log" 2>&1 || { tail "$CODEPARROT_E2E_RESULTS/images.log"; exit 1; }
    ;;
  current)
    export CODEPARROT_E2E_KUBECONFIG=${KUBECONFIG:-$HOME/.kube/config}
    : "${CODEPARROT_E2E_REGISTRY:?names the registry that the nodes have the images from}"
    : "${CODEPARROT_TEST_S3_ENDPOINT:?names an S3 server that pods reach}"
    command -v helm >/dev/null || tests/cluster/build-helm.sh >/dev/null
    ;;
  *) sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

say "building the tests and kubectl's plugin …"
for project in operator/CodeParrot.Cli tests/e2e; do dotnet build $project -c Release --nologo -v quiet; done
say "testing …"
log=$CODEPARROT_E2E_RESULTS/tests.log
status=0
CI=true dotnet artifacts/bin/CodeParrot.EndToEnd.Tests/release/CodeParrot.EndToEnd.Tests.dll -noLogo -noColor \
  2>&1 | tee "$log" || status=$?
if [ -z "${1:-}" ]; then
  # Killed processes take a moment to go.
  for _ in $(seq 20); do
    left=$(comm -13 <(sort <<<"$before") <(leftovers | sort))
    [ -n "$left" ] || break
    sleep 1
  done
  [ -z "$left" ] || { printf 'left behind on this machine:\n%s\n' "$left"; status=1; }
fi
say "done"

count() { sed -nE "s/.*Total: .*\b$1: ([0-9]+).*/\1/p" "$log" | tail -n 1; }
total=$(sed -nE 's/.*Total: ([0-9]+).*/\1/p' "$log" | tail -n 1)
[ -n "$total" ] || { echo "no test was run"; exit 1; }
failed=$(($(count Errors) + $(count Failed)))
skipped=$(count Skipped)
[ "$failed" -gt 0 ] || [ "$status" -eq 0 ] || failed=1
echo "$((total - $(count Failed) - skipped)) passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
