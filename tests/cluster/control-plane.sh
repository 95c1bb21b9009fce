#!/usr/bin/env bash
# A throw-away Kubernetes control plane on loopback: etcd, kube-apiserver with RBAC, and the controllers that collect
# garbage, finish namespaces, count quotas and make service accounts. No kubelet: pods run only where node.sh calls it.
# Needs openssl, curl and jq, and the programs of build-control-plane.sh.
#
#   control-plane.sh up DIR [--crd FILE] [--owner PID] [--node ADDRESS --services RANGE]
#       starts it below DIR and prints the path of a kubeconfig that may do everything; DIR/log/ tells what happened.
#       A custom resource definition is established before the controllers start, which look for new kinds only now
#       and then. With an owner, all ends soon after that process does, however it ends, and DIR goes. For a node (see
#       node.sh) it listens at that address, with a scheduler and all controllers that need no cloud.
#   control-plane.sh cert-kubeconfig DIR NAME /O=GROUP/CN=USER          writes DIR/NAME.kubeconfig for that user
#   control-plane.sh token-kubeconfig DIR NAME NAMESPACE SERVICEACCOUNT  and for a service account, for a day
#   control-plane.sh stop-apiserver DIR     kills the API server, as a crash would
#   control-plane.sh start-apiserver DIR    starts it again, on the same port and data
#   control-plane.sh start-crd-server DIR PROGRAM    starts the server of build-crd-server.sh, and prints its address;
#                                                    it asks the other about namespaces and users
#   control-plane.sh down DIR               ends all and removes DIR
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() { sed -n '6,17s/^# \{0,1\}//p' "$0" >&2; exit 2; }
command=${1:-}
[ $# -ge 2 ] || usage
mkdir -p "$2"
dir=$(cd "$2" && pwd)
shift 2

# Runs a program in a session of its own and remembers its pid and name.
start() {
  local name pid
  name=$(basename "$1")
  setsid "$@" </dev/null >>"$dir/log/$name.log" 2>&1 &
  pid=$!
  echo "$pid $name" >"$dir/run/$name"
  # Until it has become the program, it is a copy of this shell, and nobody would know it by its name.
  while lives "$pid" && ! is_named "$pid" "$name"; do sleep 0.01; done
}

# A killed process whose parent has not looked yet is dead all the same.
lives() { [ -d "/proc/$1" ] && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null; }

is_named() { [ "$(cat "/proc/$1/comm" 2>/dev/null)" = "${2:0:15}" ]; }

# A pid may have been given to another process since.
runs() {
  local pid name
  [ -s "$dir/run/$1" ] || return 1
  read -r pid name <"$dir/run/$1"
  lives "$pid" && is_named "$pid" "$name"
}

stop() {
  local pid
  if runs "$1"; then
    read -r pid _ <"$dir/run/$1"
    kill -KILL "$pid" 2>/dev/null || true
    while runs "$1"; do sleep 0.02; done
  fi
  rm -f "$dir/run/$1"
}

# Below the ports that the kernel hands out to connections.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# certificate NAME SUBJECT [ALTERNATIVE_NAMES]: dir/pki/NAME.{key,crt}, for a server as for a client
certificate() {
  local file=$dir/pki/$1
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "$2" \
    -keyout "$file.key" -out "$file.csr" 2>/dev/null
  {
    echo keyUsage=critical,digitalSignature
    echo extendedKeyUsage=clientAuth,serverAuth
    [ -z "${3:-}" ] || echo "subjectAltName=$3"
  } >"$file.ext"
  openssl x509 -req -in "$file.csr" -CA "$dir/pki/ca.crt" -CAkey "$dir/pki/ca.key" -days 365 \
    -set_serial "0x$(openssl rand -hex 8)" -extfile "$file.ext" -out "$file.crt" 2>/dev/null
}

certificates() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj /CN=test-ca \
    -keyout "$dir/pki/ca.key" -out "$dir/pki/ca.crt" 2>/dev/null
  local names=IP:127.0.0.1,DNS:localhost
  # Pods ask for it by its service, whose address is the first one of the range.
  [ -z "$node" ] || names+=,IP:$node,IP:${services%.*}.1,DNS:kubernetes.default,DNS:kubernetes.default.svc
  certificate apiserver /CN=kube-apiserver "$names"
  certificate admin /O=system:masters/CN=admin
  certificate controllers /CN=system:kube-controller-manager
  certificate scheduler /CN=system:kube-scheduler
  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$dir/pki/accounts.key" 2>/dev/null
  openssl rsa -in "$dir/pki/accounts.key" -pubout -out "$dir/pki/accounts.pub" 2>/dev/null
}

# kubeconfig NAME USER [NAMESPACE]: the user as JSON
kubeconfig() {
  local file=$dir/$1.kubeconfig
  cat >"$file.part" <<CONFIG
apiVersion: v1
kind: Config
current-context: test
clusters: [{ name: test, cluster: { server: "$server", certificate-authority-data: $(base64 -w 0 "$dir/pki/ca.crt") } }]
users: [{ name: user, user: $2 }]
contexts: [{ name: test, context: { cluster: test, user: user, namespace: ${3:-default} } }]
CONFIG
  chmod 600 "$file.part"
  mv "$file.part" "$file"
  echo "$file"
}

certificate_user() {
  printf '{ "client-certificate-data": "%s", "client-key-data": "%s" }' \
    "$(base64 -w 0 "$dir/pki/$1.crt")" "$(base64 -w 0 "$dir/pki/$1.key")"
}

# request PATH [CURL_OPTION...]: as the administrator
request() {
  local path=$1
  shift
  curl -sS --fail-with-body --max-time 30 --cacert "$dir/pki/ca.crt" \
    --cert "$dir/pki/admin.crt" --key "$dir/pki/admin.key" "$@" "$server$path"
}

all_run() {
  local file
  for file in "$dir"/run/*; do runs "${file##*/}" || return 1; done
}

# wait_until WHAT COMMAND...: for up to two minutes, or until a program of ours has died
wait_until() {
  local what=$1 deadline=$((SECONDS + 120))
  shift
  until "$@" >/dev/null 2>&1; do
    if [ $SECONDS -ge $deadline ] || ! all_run; then
      echo "$what: no; the ends of $dir/log:" >&2
      tail -n 5 "$dir"/log/*.log >&2
      return 1
    fi
    sleep 0.05
  done
}

start_etcd() {
  start "$programs/etcd" --name test --data-dir "$dir/etcd" --unsafe-no-fsync --quota-backend-bytes 8589934592 \
    --listen-client-urls "$etcd" --advertise-client-urls "$etcd" \
    --listen-peer-urls "$peers" --initial-advertise-peer-urls "$peers" --initial-cluster "test=$peers" \
    --log-level warn --logger zap
}

start_apiserver() {
  local place=(--bind-address 127.0.0.1 --advertise-address 127.0.0.1 --endpoint-reconciler-type none)
  if [ -n "$node" ]; then
    place=(--bind-address 0.0.0.0 --advertise-address "$node" --kubelet-preferred-address-types InternalIP
      --kubelet-client-certificate "$dir/pki/admin.crt" --kubelet-client-key "$dir/pki/admin.key")
  fi
  start "$programs/kube-apiserver" --etcd-servers "$etcd" "${place[@]}" --secure-port "${server##*:}" \
    --service-cluster-ip-range "$services" \
    --tls-cert-file "$dir/pki/apiserver.crt" --tls-private-key-file "$dir/pki/apiserver.key" \
    --client-ca-file "$dir/pki/ca.crt" --authorization-mode Node,RBAC --profiling=false \
    --enable-admission-plugins OwnerReferencesPermissionEnforcement,NodeRestriction \
    --service-account-issuer https://kubernetes.default.svc.cluster.local \
    --service-account-key-file "$dir/pki/accounts.pub" --service-account-signing-key-file "$dir/pki/accounts.key"
  wait_until "the API server is ready" request /readyz
}

# Without a node, the pod collector would delete pods on nodes that a test only names, and other controllers make work
# that nothing here looks at.
start_controllers() {
  local insecure=() help
  local controllers=clusterrole-aggregation,garbagecollector,namespace,resourcequota,serviceaccount,serviceaccount-token
  [ -z "$node" ] || controllers='*,-nodeipam,-cloud-node-lifecycle,-route,-service'
  # Old versions serve without authentication on a fixed port unless told not to; new ones do not know the option.
  help=$("$programs/kube-controller-manager" --help 2>&1)
  [[ $help != *' --port int '* ]] || insecure=(--port 0)
  start "$programs/kube-controller-manager" --kubeconfig "$dir/controllers.kubeconfig" --leader-elect=false \
    --controllers "$controllers" \
    --use-service-account-credentials --service-account-private-key-file "$dir/pki/accounts.key" \
    --root-ca-file "$dir/pki/ca.crt" --bind-address 127.0.0.1 --secure-port 0 "${insecure[@]}"
  wait_until "service accounts are made" request /api/v1/namespaces/default/serviceaccounts/default
}

start_scheduler() {
  start "$1/kube-scheduler" --kubeconfig "$dir/scheduler.kubeconfig" --leader-elect=false \
    --bind-address 127.0.0.1 --secure-port 0 --port 0
}

start_crd_server() {
  server=https://127.0.0.1:$(free_port)
  # The old server passes over what streaming lists ask for, and the client of the new one would wait for ever.
  KUBE_FEATURE_WatchListClient=false start "$1" --etcd-servers "$etcd" --etcd-prefix /crd-server \
    --bind-address 127.0.0.1 --secure-port "${server##*:}" --client-ca-file "$dir/pki/ca.crt" \
    --tls-cert-file "$dir/pki/apiserver.crt" --tls-private-key-file "$dir/pki/apiserver.key" \
    --kubeconfig "$dir/admin.kubeconfig" --authentication-kubeconfig "$dir/admin.kubeconfig" \
    --authorization-kubeconfig "$dir/admin.kubeconfig" --authentication-skip-lookup \
    --enable-priority-and-fairness=false --disable-admission-plugins ValidatingAdmissionPolicy,MutatingAdmissionPolicy
  wait_until "the server for custom resources is ready" request /readyz
  echo "$server"
}

# Ports are free until another program takes them: then others are tried.
start_servers() {
  local attempt
  for attempt in 1 2 3; do
    rm -rf "$dir/etcd"
    etcd=http://127.0.0.1:$(free_port) peers=http://127.0.0.1:$(free_port)
    server=https://${node:-127.0.0.1}:$(free_port)
    start_etcd
    if start_apiserver; then
      printf '%s=%q\n' programs "$programs" etcd "$etcd" peers "$peers" server "$server" node "$node" \
        services "$services" >"$dir/env"
      return 0
    fi
    stop kube-apiserver
    stop etcd
  done
  return 1
}

established() {
  request "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/$1" |
    jq -e '[.status.conditions[]? | select(.type == "Established" and .status == "True")] | length == 1'
}

define() {
  local answer name
  answer=$(request /apis/apiextensions.k8s.io/v1/customresourcedefinitions -H 'Content-Type: application/yaml' \
    --data-binary "@$1") || { jq -r .message <<<"$answer" >&2; return 1; }
  name=$(jq -r .metadata.name <<<"$answer")
  wait_until "$name is established" established "$name"
}

watch_owner() {
  setsid bash -c 'while kill -0 "$1" 2>/dev/null; do sleep 1; done; exec bash "$2" down "$3"' \
    watch "$1" "$here/control-plane.sh" "$dir" >/dev/null 2>&1 </dev/null &
  echo "$! bash" >"$dir/run/watch"
}

up() {
  local crd='' owner='' node_programs
  node='' services=10.96.0.0/16
  while [ $# -gt 0 ]; do
    case $1 in
      --crd) crd=$2 ;;
      --owner) owner=$2 ;;
      --node) node=$2 ;;
      --services) services=$2 ;;
      *) usage ;;
    esac
    shift 2
  done
  [ ! -e "$dir/env" ] || { echo "there is a control plane in $dir already" >&2; return 1; }
  programs=$("$here/build-control-plane.sh" --where)
  [ -z "$node" ] || node_programs=$("$here/build-node.sh" --where)
  mkdir -p "$dir"/{pki,log,run}
  # Where the owner ends before this does, the watcher must end this first.
  echo "$$ $(cat "/proc/$$/comm")" >"$dir/run/up"
  [ -z "$owner" ] || watch_owner "$owner"
  certificates
  start_servers
  [ -z "$crd" ] || define "$crd"
  kubeconfig controllers "$(certificate_user controllers)" >/dev/null
  start_controllers
  if [ -n "$node" ]; then
    kubeconfig scheduler "$(certificate_user scheduler)" >/dev/null
    start_scheduler "$node_programs"
  fi
  kubeconfig admin "$(certificate_user admin)"
  rm "$dir/run/up"
}

down() {
  local name
  # The watcher may be the one who calls.
  if [ -s "$dir/run/watch" ] && [ "$(cut -d ' ' -f 1 "$dir/run/watch")" != $$ ]; then stop watch; fi
  for name in up crd-server kube-scheduler kube-controller-manager kube-apiserver etcd; do stop "$name"; done
  rm -rf "$dir"
}

token_kubeconfig() {
  local token
  token=$(request "/api/v1/namespaces/$2/serviceaccounts/$3/token" -H 'Content-Type: application/json' -d '{
    "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": { "expirationSeconds": 86400 } }' |
    jq -r .status.token)
  kubeconfig "$1" "{ \"token\": \"$token\" }" "$2"
}

case $command in
  up) up "$@" ;;
  down) down ;;
  stop-apiserver | start-apiserver | start-crd-server | cert-kubeconfig | token-kubeconfig)
    . "$dir/env"
    case $command in
      stop-apiserver) stop kube-apiserver ;;
      start-apiserver) start_apiserver ;;
      start-crd-server) start_crd_server "$1" ;;
      cert-kubeconfig) certificate "$1" "$2" && kubeconfig "$1" "$(certificate_user "$1")" ;;
      token-kubeconfig) token_kubeconfig "$@" ;;
    esac
    ;;
  *) usage ;;
esac
