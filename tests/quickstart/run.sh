#!/usr/bin/env bash
# The quickstart: trains crds/samples/quickstart.yaml on Python sources and says what came of it.
#   tests/quickstart/run.sh STATE CORPUS [ARGUMENT…]      CORPUS may be empty: the machine's own Python
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
state=${1:-.codeparrot} corpus=${2:-}
shift $(($# < 2 ? $# : 2))
include='*.py'
if [ -z "$corpus" ]; then
  corpus=$(python3 -c 'import sysconfig; print(sysconfig.get_paths()["stdlib"])')
  if [[ $corpus == /usr/lib/python3* ]]; then
    # The distribution keeps packages beside the standard library, not below it.
    corpus=/usr/lib include='python3*/**/*.py'
  fi
fi
corpus=$(realpath "$corpus")
echo "learning from the Python files below $corpus ($include; CORPUS=dir takes others)"
exec bin/codeparrot run -f crds/samples/quickstart.yaml --state "$state" \
  --set "corpus.source.uri=file://$corpus" --set "corpus.include=$include" "$@"
