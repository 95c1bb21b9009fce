#!/usr/bin/env bash
# Runs every test project of the solution, names the tests that failed, and ends with one line that counts them all.
#   tests/run.sh [CONFIGURATION]
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
configuration=${1:-Release}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# One project after the other: integration tests measure timeouts, and two cores do not hold two of them.
dotnet test --solution CodeParrot.sln -c "$configuration" --no-build --max-parallel-test-modules 1 --no-ansi 2>&1 |
  tee "$log"
status=${PIPESTATUS[0]}

# Some services keep only the last lines of a log: this says again, in some thirty lines, which tests failed and how.
# A failure is a line "failed NAME (DURATION)" and the indented lines below it: message, then stack trace. Of a long
# message the ends tell most (an assertion's first line, a program's last words), of a trace the lines with our files.
summarise() {
  awk -v room=30 '
    /^failed / { isFailure = 1; name[++count] = $0; next }
    !/^ / { isFailure = 0 }
    !isFailure || /^  from .*\.dll/ { next }
    /^    at / { if (/ in .*\.cs:/ && traces[count] < 3) trace[count, ++traces[count]] = $0; next }
    NF { text[count, ++texts[count]] = $0 }
    END {
      if (!count) exit
      print "\nFailed tests:"
      lines = int(room / count) - 1
      for (i = 1; i <= count; i++) {
        print substr(name[i], 1, 200)
        left = lines - traces[i]
        head = left >= texts[i] ? texts[i] : int(left / 2)
        for (j = 1; j <= head; j++) print substr(text[i, j], 1, 200)
        for (j = texts[i] - (left - head) + 1; j <= texts[i]; j++) if (j > head) print substr(text[i, j], 1, 200)
        for (j = 1; j <= traces[i] && j <= lines; j++) print substr(trace[i, j], 1, 200)
      }
    }' "$log"
}

count() { sed -nE "s/^ *$1: ([0-9]+).*/\1/p" "$log" | tail -n 1; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
if [ -z "$passed" ]; then
  echo "no test was run"
  exit 1
fi
[ "${failed:-0}" -eq 0 ] || [ "$status" -ne 0 ] || status=1
[ "$status" -eq 0 ] || [ "${failed:-0}" -gt 0 ] || failed=1
summarise
[ "${skipped:-0}" -eq 0 ] || echo "$skipped skipped"
echo "$passed passed, ${failed:-0} failed"
exit "$status"
