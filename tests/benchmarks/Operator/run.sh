#!/usr/bin/env bash
# Benchmarks of the operator's process against a real API server with its store, of this script's own. Arguments go to
# `operator` of the benchmark project (--only gang|loss|runs, --ranks N, --runs N, --rounds N, --losses N, --seconds N).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
plane=$(mktemp -d -t codeparrot-bench-XXXXXX)
trap 'bash "$root/tests/cluster/control-plane.sh" down "$plane"' EXIT
kubeconfig=$(bash "$root/tests/cluster/control-plane.sh" up "$plane" \
  --crd "$root/crds/trainingruns.codeparrot.dev.yaml" --owner $$)
dotnet build "$root/tests/benchmarks" -c Release -v quiet --nologo -clp:ErrorsOnly
dotnet build "$root/operator/CodeParrot.Operator" -c Release -v quiet --nologo -clp:ErrorsOnly
dotnet "$root/artifacts/bin/CodeParrot.Benchmarks/release/CodeParrot.Benchmarks.dll" operator \
  --kubeconfig "$kubeconfig" --program "$root/artifacts/bin/CodeParrot.Operator/release/codeparrot-operator" "$@"
