#!/usr/bin/env bash
# Has a Kubernetes API server that evaluates rules in CEL judge the manifests of manifests.jsonl, and writes
# verdicts.jsonl: for each the fields that the server blames, none where it takes the object. `make test-cel` calls it.
#
# Of a manifest that is an edit, the edit of a begun run is judged, the edit back, and the edit of a run that has not
# begun. Of one that a rule refuses, also whether an object that was there before the rule can still get a status and
# lose its finalizer.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
crd=$here/../../../crds/trainingruns.codeparrot.dev.yaml
definitions=/apis/apiextensions.k8s.io/v1/customresourcedefinitions
runs=/apis/codeparrot.dev/v1alpha1/namespaces/default/trainingruns

program=$("$here/../build-crd-server.sh" --where)
dir=$(mktemp -d)
trap '"$here/../control-plane.sh" down "$dir"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
"$here/../control-plane.sh" up "$dir" --owner $$ >/dev/null
server=$("$here/../control-plane.sh" start-crd-server "$dir" "$program")

# send METHOD PATH [BODY [TYPE]]: the answer's body in $answer
send() {
  answer=$(curl -sS --max-time 60 --cacert "$dir/pki/ca.crt" --cert "$dir/pki/admin.crt" --key "$dir/pki/admin.key" \
    -X "$1" -H "Content-Type: ${4:-application/json}" --data-binary "${3:-}" "$server$2")
}

# The fields that the answer blames, as a JSON list; empty where the object was taken. (A cause without a field says
# that rules were not looked at.)
refused() {
  jq -c 'if .kind != "Status" then []
    elif .code == 422 then [.details.causes[].field | select(. != "<nil>")] | unique
    elif .code == 400 and (.message | test("unknown field")) then [.message | scan("unknown field \"([^\"]+)\"")[0]]
    else error("not a verdict: " + .message) end' <<<"$answer"
}

taken() {
  [ "$(refused)" = '[]' ] || { echo "$1 was refused: $(jq -r .message <<<"$answer")" >&2; return 1; }
}

# object NAME [ROW]: the smallest good run of that name, with the row's field set
object() {
  jq -cn --arg name "$1" --argjson row "${2:-null}" '
    { apiVersion: "codeparrot.dev/v1alpha1", kind: "TrainingRun", metadata: { name: $name },
      spec: { corpus: { source: { uri: "file:///data" } } } }
    | if $row then setpath($row.path | split("."); $row.value) else . end'
}

create() { send POST "$runs?fieldValidation=Strict${2:-}" "$1"; }
try_create() { create "$1" "&dryRun=All"; }

# try_replace NAME VERSION OBJECT: what an edit to that object would meet
try_replace() {
  send PUT "$runs/$1?fieldValidation=Strict&dryRun=All" "$(jq -c --arg v "$2" '.metadata.resourceVersion = $v' <<<"$3")"
}

patch() { send PATCH "$runs/$1" "$2" application/merge-patch+json; }

version() { jq -r .metadata.resourceVersion <<<"$answer"; }

# create_begun NAME [ROW]: a run whose first attempt has begun; its version is printed
create_begun() {
  create "$(object "$@")"
  taken "the run to edit, $*"
  patch "$1/status" '{ "status": { "attempt": 1, "phase": "Running" } }'
  taken "its status"
  version
}

# define FILTER: the definition, changed by a jq filter; the server takes a moment to act on it
define() {
  send GET $definitions/trainingruns.codeparrot.dev
  send PUT "$definitions/trainingruns.codeparrot.dev?fieldValidation=Strict" "$(jq -c "$1" <<<"$answer")"
  taken "the definition"
}

# wait_until_rules FILTER: until the server judges by the definition that was just written; the filter says so of the
# fields that it blames in a manifest against the rules
wait_until_rules() {
  local deadline=$((SECONDS + 60)) probe
  probe=$(object probe '{ "path": "spec.workers", "value": { "count": 3, "gpusPerPod": 2 } }')
  until try_create "$probe" && refused 2>/dev/null | jq -e "$1" >/dev/null; do
    [ $SECONDS -lt $deadline ] || { echo "the server does not act on the definition: $answer" >&2; return 1; }
    sleep 0.1
  done
}

# Objects from before today's rules: written while the definition has none, then judged as the operator would write.
declare -A kept_status kept_finalizer
judge_kept() {
  local rules row n=0
  send GET $definitions/trainingruns.codeparrot.dev
  rules=$(jq -c .spec <<<"$answer")
  define 'del(.. | ."x-kubernetes-validations"?)'
  wait_until_rules 'length == 0'
  while read -r row; do
    n=$((n + 1))
    create "$(object "kept-$n" "$row" | jq -c '.metadata.finalizers = ["codeparrot.dev/cleanup"]')"
    taken "without rules, $row"
  done < <(kept_rows)
  define ".spec = $rules"
  wait_until_rules 'length > 0'
  n=0
  while read -r row; do
    n=$((n + 1))
    patch "kept-$n/status" '{ "status": { "phase": "Failed" } }'
    kept_status[$row]=$(refused)
    patch "kept-$n" '{ "metadata": { "finalizers": null } }'
    kept_finalizer[$row]=$(refused)
  done < <(kept_rows)
}

# A name cannot be one of before: the rule about it stands at the root, which every write changes.
kept_rows() { jq -c 'select(.expect == "RefusedByRule" and .path != "metadata.name")' "$here/manifests.jsonl"; }

judge() {
  local row name n=0 begun early back verdict
  begun=$(create_begun begun)
  create "$(object early)"
  early=$(version)
  while read -r row; do
    n=$((n + 1))
    case $(jq -r .expect <<<"$row") in
      HeldOnceBegun | Free)
        try_replace begun "$begun" "$(object begun "$row")"
        verdict="\"edited\": $(refused)"
        name=back-$n
        back=$(create_begun "$name" "$row")
        try_replace "$name" "$back" "$(object "$name")"
        verdict+=", \"putBack\": $(refused)"
        try_replace early "$early" "$(object early "$row")"
        verdict+=", \"editedEarly\": $(refused)"
        ;;
      *)
        try_create "$(object "new-$n" "$row")"
        verdict="\"created\": $(refused)"
        [ -z "${kept_status[$row]:-}" ] ||
          verdict+=", \"keptStatus\": ${kept_status[$row]}, \"keptFinalizer\": ${kept_finalizer[$row]}"
        ;;
    esac
    jq -c "{ path, value } + { $verdict }" <<<"$row"
  done < <(jq -c . "$here/manifests.jsonl")
}

send POST "$definitions?fieldValidation=Strict" "@$crd" application/yaml
taken "the definition"
wait_until_rules 'length > 0'
judge_kept
send GET /version
{
  jq -c --arg crd "$(sha256sum <"$crd" | cut -d ' ' -f 1)" \
    --arg manifests "$(sha256sum <"$here/manifests.jsonl" | cut -d ' ' -f 1)" \
    '{ server: .gitVersion, crd: $crd, manifests: $manifests }' <<<"$answer"
  judge
} >"$dir/verdicts.jsonl"
cp "$dir/verdicts.jsonl" "$here/verdicts.jsonl"
kubernetes=$(head -n 1 "$here/verdicts.jsonl" | jq -r .server)
echo "$(wc -l <"$here/manifests.jsonl") manifests judged by Kubernetes $kubernetes"
