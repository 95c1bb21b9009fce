#!/usr/bin/env bash
# A throw-away Kubernetes node: kubelet, containerd, kube-proxy and DNS, with a control plane of its own, in network,
# mount and PID namespaces of their own. Needs root, the programs of build-control-plane.sh and build-node.sh, and the
# packages containerd, runc, containernetworking-plugins, iptables, conntrack, iproute2, openssl, curl and jq.
#
#   node.sh up DIR [--owner PID]     starts it below DIR and prints the path of a kubeconfig that may do everything;
#                                    DIR/log/ tells what happened. With an owner, all ends soon after that process does.
#   node.sh images DIR TAR...        gives it images, as docker-archives
#   node.sh gpus DIR COUNT           makes it claim that many nvidia.com/gpu, which are none
#   node.sh kill DIR CONTAINER       kills a container's first process, as the kernel would
#   node.sh env DIR                  prints its addresses: HOST_IP is this machine as pods see it
#   node.sh down DIR                 ends all and removes DIR
#
# This machine gets routes to pods and services, and pods reach what listens at HOST_IP. Nothing leaves the machine.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() { sed -n '6,13s/^# \{0,1\}//p' "$0" >&2; exit 2; }
command=${1:-}
[ $# -ge 2 ] || usage
mkdir -p "$2"
dir=$(cd "$2" && pwd)
shift 2
socket=$dir/node/containerd.sock
# The kubelet sets these for the whole machine; the last node that goes puts them back.
sysctls=/run/codeparrot-node-sysctls

check_machine() {
  local program
  [ "$(id -u)" = 0 ] || { echo "a node needs root" >&2; return 1; }
  for program in containerd ctr runc ip iptables conntrack nsenter unshare openssl curl jq; do
    command -v "$program" >/dev/null || { echo "missing: $program" >&2; return 1; }
  done
  [ -x /usr/lib/cni/bridge ] || { echo "missing: containernetworking-plugins" >&2; return 1; }
  [ ${#dir} -le 70 ] || { echo "$dir is too long for the address of a socket" >&2; return 1; }
  [ ! -e "$dir/node" ] || { echo "there is a node in $dir already" >&2; return 1; }
}

# Nodes beside each other differ in one number, which is in their addresses.
take_slot() {
  local slot
  for slot in $(shuf -i 1-250 -n 50); do
    ip netns add "codeparrot-$slot" 2>/dev/null || continue
    {
      printf '%s=%s\n' SLOT "$slot" NETNS "codeparrot-$slot" HOST_IP "10.250.$slot.1" NODE_IP "10.250.$slot.2"
      printf '%s=%s\n' POD_RANGE "10.244.$slot.0/24" SERVICE_RANGE "10.97.$slot.0/24"
      printf '%s=%q\n' PROGRAMS "$("$here/build-node.sh" --where)"
    } >"$dir/node/env"
    return
  done
  echo "no free slot for a node" >&2
  return 1
}

connect() {
  ip link add "codeparrot$SLOT" type veth peer name eth0 netns "$NETNS"
  ip addr add "$HOST_IP/30" dev "codeparrot$SLOT"
  ip link set "codeparrot$SLOT" up
  ip -n "$NETNS" addr add "$NODE_IP/30" dev eth0
  ip -n "$NETNS" link set eth0 up
  ip -n "$NETNS" link set lo up
  ip -n "$NETNS" route add default via "$HOST_IP"
  # No cloud tells this node anything about itself.
  ip -n "$NETNS" route add unreachable 169.254.0.0/16
  ip route add "$POD_RANGE" via "$NODE_IP"
  ip route add "$SERVICE_RANGE" via "$NODE_IP"
  # Without the bridge's filter, a pod would see another pod's address as the sender where a service stood between.
  modprobe br_netfilter 2>/dev/null || true
  nsenter --net="/run/netns/$NETNS" sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.route_localnet=1 \
    net.bridge.bridge-nf-call-iptables=1
}

# A parent for all of the node's pods, so that none is left behind unseen.
make_cgroups() {
  local hierarchy
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    sed 's/[a-z]*/+&/g; s/+ / /g' /sys/fs/cgroup/cgroup.controllers >/sys/fs/cgroup/cgroup.subtree_control || true
    mkdir -p "/sys/fs/cgroup/$NETNS"
    return
  fi
  for hierarchy in /sys/fs/cgroup/*/; do
    [ -e "$hierarchy/cgroup.procs" ] && [ "$(basename "$hierarchy")" != unified ] || continue
    mkdir -p "$hierarchy/$NETNS"
    if [ -e "$hierarchy/cpuset.cpus" ]; then
      cat "$hierarchy/cpuset.cpus" >"$hierarchy/$NETNS/cpuset.cpus"
      cat "$hierarchy/cpuset.mems" >"$hierarchy/$NETNS/cpuset.mems"
    fi
  done
}

remove_cgroups() {
  local _
  for _ in $(seq 50); do
    find /sys/fs/cgroup -maxdepth 2 -type d -name "$NETNS" | while read -r parent; do
      find "$parent" -depth -type d -exec rmdir {} + 2>/dev/null || true
    done
    [ -n "$(find /sys/fs/cgroup -maxdepth 2 -type d -name "$NETNS")" ] || return 0
    sleep 0.1
  done
}

write_containerd() {
  cat >"$dir/node/containerd.toml" <<CONFIG
version = 2
root = "$dir/node/containerd"
state = "/run/containerd/state"
[grpc]
  address = "$socket"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  disable_apparmor = true
  # Not every root may lower the score by which the kernel kills.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$dir/node/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
CONFIG
  cat >"$dir/node/cni/pods.conflist" <<CONFIG
{ "cniVersion": "0.4.0", "name": "pods", "plugins": [
  { "type": "bridge", "bridge": "cni0", "isGateway": true, "hairpinMode": true,
    "ipam": { "type": "host-local", "dataDir": "$dir/node/addresses",
      "ranges": [[{ "subnet": "$POD_RANGE" }]], "routes": [{ "dst": "0.0.0.0/0" }] } },
  { "type": "portmap", "capabilities": { "portMappings": true } }] }
CONFIG
}

write_kubelet() {
  cat >"$dir/node/kubelet.yaml" <<CONFIG
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 0.0.0.0
authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: $dir/pki/ca.crt } }
authorization: { mode: Webhook }
cgroupDriver: cgroupfs
cgroupRoot: /$NETNS
clusterDNS: [$NODE_IP]
clusterDomain: cluster.local
enforceNodeAllocatable: [pods]
eventRecordQPS: 0
# A developer's disk may be nearly full, and the images of the test are all that there is.
evictionHard: { memory.available: 50Mi, nodefs.available: 1%, imagefs.available: 1%, nodefs.inodesFree: 1% }
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
failSwapOn: false
kubeAPIQPS: 100
kubeAPIBurst: 200
nodeStatusUpdateFrequency: 1s
nodeStatusReportFrequency: 1m
resolvConf: ""
serializeImagePulls: false
CONFIG
  cat >"$dir/node/kube-proxy.yaml" <<CONFIG
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
bindAddress: 0.0.0.0
clientConnection: { kubeconfig: $dir/kube-proxy.kubeconfig }
clusterCIDR: $POD_RANGE
mode: iptables
iptables: { minSyncPeriod: 100ms, syncPeriod: 30s }
# These limits are the machine's, not this namespace's.
conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s }
CONFIG
}

# PID 1 of the node's namespaces: with it ends all that runs there. Called by `up`.
init() {
  . "$dir/node/env"
  local log=$dir/log image
  # The kubelet wants its mounts to be seen by containers; the machine does not see them.
  mount --make-rshared /
  mkdir -p /run/containerd /run/netns /var/lib/cni
  mount -t tmpfs -o mode=711 tmpfs /run/containerd
  mount -t tmpfs tmpfs /run/netns
  mount -t tmpfs tmpfs /var/lib/cni
  mount --make-shared /run/netns
  mount --bind "$dir/node/pod-logs" /var/log
  ulimit -n 1048576 2>/dev/null || ulimit -n "$(ulimit -Hn)"
  containerd --config "$dir/node/containerd.toml" >>"$log/containerd.log" 2>&1 &
  until ctr --address "$socket" version >/dev/null 2>&1; do sleep 0.05; done
  ctr --address "$socket" -n k8s.io images import "$dir/node/pause.tar" >>"$log/containerd.log" 2>&1
  "$PROGRAMS/kube-proxy" --config "$dir/node/kube-proxy.yaml" --hostname-override node >>"$log/kube-proxy.log" 2>&1 &
  "$PROGRAMS/kdns" --kubeconfig "$dir/admin.kubeconfig" --listen "$NODE_IP:53" >>"$log/kdns.log" 2>&1 &
  # Else the kubelet asks for a cloud's metadata first, for seven seconds.
  AWS_EC2_METADATA_DISABLED=true "$PROGRAMS/kubelet" --config "$dir/node/kubelet.yaml" \
    --kubeconfig "$dir/kubelet.kubeconfig" --hostname-override node --node-ip "$NODE_IP" \
    --root-dir "$dir/node/kubelet" --cert-dir "$dir/node/kubelet-pki" --volume-plugin-dir "$dir/node/plugins" \
    --container-runtime remote --container-runtime-endpoint "unix://$socket" >>"$log/kubelet.log" 2>&1 &
  # Also what containers leave behind is waited for.
  while :; do wait || true; sleep 1; done
}

start_init() {
  local outside _
  setsid nsenter --net="/run/netns/$NETNS" unshare --mount --pid --fork --kill-child --mount-proc \
    "$here/node.sh" init "$dir" </dev/null >>"$dir/log/node.log" 2>&1 &
  outside=$!
  echo "$outside" >"$dir/node/outside.pid"
  for _ in $(seq 200); do
    tr -d ' ' <"/proc/$outside/task/$outside/children" >"$dir/node/init.pid" 2>/dev/null || true
    [ ! -s "$dir/node/init.pid" ] || return 0
    sleep 0.05
  done
  echo "the node's namespaces are not there; see $dir/log/node.log" >&2
  return 1
}

inside() { nsenter --target "$(cat "$dir/node/init.pid")" --mount --pid --net -- "$@"; }

# request PATH [CURL_OPTION...]: as the administrator
request() {
  local path=$1
  shift
  curl -sS --fail-with-body --max-time 30 --cacert "$dir/pki/ca.crt" \
    --cert "$dir/pki/admin.crt" --key "$dir/pki/admin.key" "$@" "$(sed -n 's/^server=//p' "$dir/env")$path"
}

is_ready() {
  request /api/v1/nodes/node 2>/dev/null | jq -e '(.spec.taints // [] | length == 0) and
    any(.status.conditions[]; .type == "Ready" and .status == "True")' >/dev/null 2>&1
}

watch_owner() {
  setsid bash -c 'while kill -0 "$1" 2>/dev/null; do sleep 1; done; exec bash "$2" down "$3"' \
    watch "$1" "$here/node.sh" "$dir" >/dev/null 2>&1 </dev/null &
  echo $! >"$dir/node/watch.pid"
}

up() {
  local owner='' pause
  while [ $# -gt 0 ]; do
    case $1 in
      --owner) owner=$2 ;;
      *) usage ;;
    esac
    shift 2
  done
  check_machine
  mkdir -p "$dir"/{log,node/{cni,pod-logs,addresses,kubelet,plugins}}
  trap '[ $? = 0 ] || { tail -n 5 "$dir"/log/*.log >&2 || true; down; }' EXIT
  [ -s "$sysctls" ] || sysctl vm.overcommit_memory kernel.panic kernel.panic_on_oops >"$sysctls"
  take_slot
  . "$dir/node/env"
  connect
  nsenter --net="/run/netns/$NETNS" "$here/control-plane.sh" up "$dir" \
    --node "$NODE_IP" --services "$SERVICE_RANGE" >/dev/null
  "$here/control-plane.sh" cert-kubeconfig "$dir" kubelet /O=system:nodes/CN=system:node:node >/dev/null
  "$here/control-plane.sh" cert-kubeconfig "$dir" kube-proxy /CN=system:kube-proxy >/dev/null
  write_containerd
  write_kubelet
  make_cgroups
  pause=$(mktemp -d)
  chmod 755 "$pause"
  cp "$PROGRAMS/pause" "$pause/"
  "$here/make-image.sh" localhost/pause:1 "$pause" "$dir/node/pause.tar" '["/pause"]'
  rm -rf "$pause"
  start_init
  [ -z "$owner" ] || watch_owner "$owner"
  until is_ready; do
    if [ $SECONDS -ge 300 ] || [ ! -d "/proc/$(cat "$dir/node/init.pid")" ]; then
      echo "the node is not ready" >&2
      return 1
    fi
    sleep 0.2
  done
  echo "$dir/admin.kubeconfig"
}

down() {
  local outside init watch _
  trap - EXIT
  if [ -s "$dir/node/env" ]; then
    . "$dir/node/env"
    watch=$(cat "$dir/node/watch.pid" 2>/dev/null || true)
    # It may be the one who calls.
    [ -z "$watch" ] || [ "$watch" = $$ ] || kill "$watch" 2>/dev/null || true
    outside=$(cat "$dir/node/outside.pid" 2>/dev/null || true)
    init=$(cat "$dir/node/init.pid" 2>/dev/null || true)
    if [ -n "$outside" ] && [ "$(cat "/proc/$outside/comm" 2>/dev/null)" = unshare ]; then
      # The namespace's first process goes with it, and all others with that one.
      kill -KILL "$outside" 2>/dev/null || true
      for _ in $(seq 200); do
        [ -n "$init" ] && [ -d "/proc/$init" ] || break
        sleep 0.05
      done
    fi
    ip link del "codeparrot$SLOT" 2>/dev/null || true
    ip netns del "$NETNS" 2>/dev/null || true
    remove_cgroups
    if ! ip netns | grep -q '^codeparrot-' && [ -s "$sysctls" ]; then
      sysctl -qp "$sysctls" || true
      rm -f "$sysctls"
    fi
  fi
  "$here/control-plane.sh" down "$dir"
}

claim_gpus() {
  local amount='{ "nvidia.com/gpu": "'"$1"'" }'
  request /api/v1/nodes/node/status -X PATCH -H 'Content-Type: application/strategic-merge-patch+json' \
    --data "{ \"status\": { \"capacity\": $amount, \"allocatable\": $amount } }" >/dev/null
}

case $command in
  up) up "$@" ;;
  down) down ;;
  init) init ;;
  env) cat "$dir/node/env" ;;
  kill) inside ctr --address "$socket" -n k8s.io tasks kill --signal SIGKILL "$1" ;;
  gpus) claim_gpus "$1" ;;
  images)
    for archive in "$@"; do
      inside ctr --address "$socket" -n k8s.io images import "$(realpath "$archive")" >>"$dir/log/containerd.log"
    done
    ;;
  *) usage ;;
esac
