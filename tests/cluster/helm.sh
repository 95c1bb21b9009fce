#!/usr/bin/env bash
# Stands in for helm where a test needs one and the machine, or the server's age, has none: the chart's manifests by the
# renderer of build-helm.sh, the rest by kubectl and jq. What the server does not know (a Kubernetes of 1.20 has no
# policy/v1) is left out, and said.
#
#   helm.sh template …                                  as helm's
#   helm.sh install|upgrade NAME CHART [options]        applies, and prunes what a release before had
#   helm.sh test NAME                                   applies the test's hooks, and waits for its pods
#   helm.sh uninstall NAME                              deletes what is not to be kept
#   Options: --namespace NS, --create-namespace, --values FILE, --set A=B, --set-string A=B, --timeout DURATION,
#   --install (of upgrade), --wait (of both: is taken, and nothing is waited for).
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
renderer=$("$here/build-helm.sh" --where)

command=${1:-}
shift || true
if [ "$command" = template ]; then exec "$renderer" template "$@"; fi
namespace=default names=() values=() creates=
while [ $# -gt 0 ]; do
  case $1 in
    --*=*) set -- "${1%%=*}" "${1#*=}" "${@:2}"; continue ;;
    -n | --namespace) namespace=$2; shift ;;
    -f | --values | --set | --set-string) values+=("$1" "$2"); shift ;;
    --timeout) shift ;;
    --create-namespace) creates=1 ;;
    --install | --wait) ;;
    -*) echo "helm.sh does not know $1" >&2; exit 2 ;;
    *) names+=("$1") ;;
  esac
  shift
done
name=${names[0]:?name of the release}
record=helm-stand-in.$name

# As one line of JSON each: what the release before left, and what this one wants.
recorded() {
  kubectl --namespace "$namespace" get configmap "$record" --ignore-not-found -o json |
    jq -r --arg key "$1" '.data[$key] // empty'
}

known() {
  local versions
  versions=$(kubectl api-versions | jq -Rsc 'split("\n")')
  jq -c --argjson versions "$versions" '
    if .apiVersion | IN($versions[]) then .
    else ("left out, as the server has no \(.apiVersion): \(.kind) \(.metadata.name)\n" | stderr | empty) end'
}

# Not on the server's side, where one of 1.20 refuses the rules in the definition of TrainingRun.
apply() { kubectl --namespace "$namespace" apply --validate=false -f -; }

# Of objects on standard input, those whose kind, namespace and name are not among the others'.
without() {
  jq -c --slurpfile others <(cat <<<"$1") '
    def key: [.apiVersion, .kind, .metadata.namespace, .metadata.name];
    select(.metadata.annotations["helm.sh/resource-policy"] != "keep")
    | select(key as $key | $others | all(key != $key))'
}

delete() {
  local objects
  objects=$(cat)
  [ -z "$objects" ] || kubectl --namespace "$namespace" delete --ignore-not-found --wait=false -f - <<<"$objects"
}

install() {
  local all manifests hooks
  [ -z "$creates" ] || kubectl create namespace "$namespace" --dry-run=client -o json | apply
  all=$("$renderer" template --namespace "$namespace" "${values[@]}" "$name" "${names[1]:?path of the chart}" |
    "$renderer" json)
  manifests=$(jq -c 'select(.metadata.annotations["helm.sh/hook"] == null)' <<<"$all" | known)
  hooks=$(jq -c 'select(.metadata.annotations["helm.sh/hook"] != null)' <<<"$all")
  apply <<<"$manifests"
  recorded manifests | without "$manifests" | delete
  jq -n --rawfile manifests <(cat <<<"$manifests") --rawfile hooks <(cat <<<"$hooks") --arg name "$record" '
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: $name }, data: { $manifests, $hooks } }' |
    kubectl --namespace "$namespace" apply --server-side --force-conflicts --field-manager=helm -f -
}

uninstall() {
  recorded manifests | without null | delete
  kubectl --namespace "$namespace" delete configmap "$record" --ignore-not-found
}

# A server of 1.20 refuses a pod until a controller has made its account's token.
apply_hooks() {
  local left=300 answer
  until answer=$(apply <<<"$1" 2>&1); do
    [[ $answer == *'No API token found'* ]] && [ $((left -= 1)) -gt 0 ] || { echo "$answer" >&2; return 1; }
    sleep 0.2
  done
  echo "$answer"
}

run_test() {
  local hooks pods pod space phase
  hooks=$(recorded hooks | jq -sc 'sort_by(.metadata.annotations["helm.sh/hook-weight"] // "0" | tonumber) | .[]')
  [ -n "$hooks" ] || { echo "the release has no test"; return; }
  kubectl delete --ignore-not-found -f - <<<"$hooks"
  apply_hooks "$hooks"
  pods=$(jq -r 'select(.kind == "Pod") | "\(.metadata.namespace)/\(.metadata.name)"' <<<"$hooks")
  for pod in $pods; do
    space=${pod%/*} phase=
    while [ "$phase" != Succeeded ]; do
      phase=$(kubectl --namespace "$space" get pod "${pod#*/}" -o 'jsonpath={.status.phase}')
      [ "$phase" != Failed ] || { echo "Phase: Failed"; return 1; }
      sleep 0.2
    done
  done
  # As helm does: a run that is gone needs no operator any more.
  kubectl delete --ignore-not-found --timeout=10m -f - <<<"$hooks"
  echo "Phase: Succeeded"
}

case $command in
  install | upgrade) install ;;
  uninstall) uninstall ;;
  test) run_test ;;
  *) echo "helm.sh does not know the command $command" >&2; exit 2 ;;
esac
