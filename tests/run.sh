#!/usr/bin/env bash
# Runs every test project of the solution and ends with one line that counts the tests.
#   tests/run.sh [CONFIGURATION]
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
configuration=${1:-Release}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# One project after the other: integration tests measure timeouts, and two cores do not hold two of them.
dotnet test --solution CodeParrot.sln -c "$configuration" --no-build --max-parallel-test-modules 1 2>&1 | tee "$log"
status=${PIPESTATUS[0]}

count() { sed -nE "s/^ *$1: ([0-9]+).*/\1/p" "$log" | tail -n 1; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
if [ -z "$passed" ]; then
  echo "no test was run"
  exit 1
fi
[ "${failed:-0}" -eq 0 ] || [ "$status" -ne 0 ] || status=1
[ "$status" -eq 0 ] || [ "${failed:-0}" -gt 0 ] || failed=1
echo "$passed passed, ${failed:-0} failed, ${skipped:-0} skipped"
exit "$status"
