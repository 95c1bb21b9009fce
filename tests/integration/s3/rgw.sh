#!/usr/bin/env bash
# A throw-away S3 server on one machine: a Ceph monitor, one OSD and the RADOS gateway, from the distribution's packages
#   apt-get install --no-install-recommends radosgw ceph-mon ceph-osd ceph-common
#
#   rgw.sh up DIR [PARENT [ADDRESS]]
#       starts it below DIR; DIR/env then holds CODEPARROT_TEST_S3_{ENDPOINT,ACCESS_KEY,SECRET_KEY}. With PARENT, all ends
#       soon after that process does, however it ends. It listens at the loopback, and at ADDRESS too.
#   rgw.sh trust DIR ISSUER THUMBPRINT ROLE
#       makes ROLE, which may do all, for tokens of this issuer whose audience is sts.amazonaws.com (needs curl), and
#       prints the address of a second gateway, which takes sessions of roles; the first answers other errors with that on
#   rgw.sh stop-gateway DIR     kills the gateway, as a crash would
#   rgw.sh start-gateway DIR    starts it again on the same port
#   rgw.sh down DIR             ends all and removes DIR
set -euo pipefail

usage() { sed -n '2,14s/^# \{0,1\}//p' "$0" >&2; exit 2; }
command=${1:-}
[ $# -ge 2 ] || usage
mkdir -p "$2"
dir=$(cd "$2" && pwd)
parent=${3:-}
address=${4:-}
conf=$dir/ceph.conf

# Runs a daemon in its own session and remembers its pid.
start() {
  local name=$1
  shift
  setsid "$@" -c "$conf" >>"$dir/log/$name.out" 2>&1 </dev/null &
  echo $! >"$dir/$name.pid"
}

# A killed daemon whose parent has not looked yet is dead all the same.
runs() {
  kill -0 "$1" 2>/dev/null && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null
}

stop() {
  local pid_file=$dir/$1.pid pid
  [ -s "$pid_file" ] || return 0
  pid=$(cat "$pid_file")
  kill -KILL "$pid" 2>/dev/null || true
  while runs "$pid"; do sleep 0.05; done
  rm -f "$pid_file"
}

await_gateway() {
  local name=$1 port=$2
  for _ in $(seq 600); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return 0
    runs "$(cat "$dir/$name.pid")" || break
    sleep 0.1
  done
  echo "the gateway does not listen; see $dir/log" >&2
  tail -n 20 "$dir/log/$name.out" >&2
  return 1
}

start_gateway() {
  start rgw radosgw -n client.admin -f
  local endpoint
  endpoint=$(sed -n 's/^CODEPARROT_TEST_S3_ENDPOINT=//p' "$dir/env")
  await_gateway rgw "${endpoint##*:}"
}

# The first of a hundred free-looking ports: gateway, monitor, then those the OSD takes.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

write_conf() {
  local port=$1 fsid=$2
  cat >"$conf" <<CONF
[global]
fsid = $fsid
mon host = v2:127.0.0.1:$((port + 1))
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind port min = $((port + 10))
ms bind port max = $((port + 90))
paxos propose interval = 0.02
paxos min wait = 0.005
osd pool default size = 1
osd pool default min size = 1
mon allow pool size one = true
osd crush chooseleaf type = 0
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
mon max pg per osd = 4000
mon data avail crit = 1
mon data avail warn = 2
run dir = $dir/run
admin socket = $dir/run/\$name.asok
pid file =
log file = $dir/log/\$name.log
crash dir = $dir/run
keyring = $dir/keyring
[mon]
mon data = $dir/mon
[osd]
osd data = $dir/osd
osd objectstore = bluestore
bluestore block size = 42949672960
bluestore block db create = false
bluestore block wal create = false
osd memory target = 939524096
osd client watch timeout = 3
osd class load list = *
osd class default list = *
[client]
rgw frontends = beast endpoint=127.0.0.1:$port ${address:+endpoint=$address:$port} tcp_nodelay=1
objecter tick interval = 0.2
rgw gc obj min wait = 5
rgw gc processor period = 10
rgw run sync thread = false
rgw enable usage log = false
rgw enable ops log = false
rgw rados pool pg num min = 1
rgw_data = $dir
CONF
}

up() {
  mkdir -p "$dir"/{mon,osd,run,log}
  local port fsid osd
  port=$(free_port)
  fsid=$(cat /proc/sys/kernel/random/uuid)
  osd=$(cat /proc/sys/kernel/random/uuid)
  write_conf "$port" "$fsid"
  {
    ceph-authtool --create-keyring "$dir/keyring" --gen-key -n mon. --cap mon 'allow *'
    ceph-authtool "$dir/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
    ceph-authtool "$dir/keyring" --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'
    monmaptool --create --addv a "[v2:127.0.0.1:$((port + 1))]" --fsid "$fsid" "$dir/monmap"
    ceph-mon -c "$conf" -i a --mkfs --monmap "$dir/monmap" --keyring "$dir/keyring"
  } >"$dir/log/setup.out" 2>&1
  start mon ceph-mon -i a -f
  {
    ceph-osd -c "$conf" -i 0 --mkfs --osd-uuid "$osd" --no-mon-config
    ceph -c "$conf" --connect-timeout 20 osd new "$osd"
  } >>"$dir/log/setup.out" 2>&1
  start osd ceph-osd -i 0 -f
  radosgw-admin -c "$conf" user create --uid=test --display-name=test \
    --access-key=test-access --secret-key=test-secret-key --caps "roles=*;oidc-provider=*" >>"$dir/log/setup.out" 2>&1
  cat >"$dir/env" <<ENV
CODEPARROT_TEST_S3_ENDPOINT=http://127.0.0.1:$port
CODEPARROT_TEST_S3_ACCESS_KEY=test-access
CODEPARROT_TEST_S3_SECRET_KEY=test-secret-key
ENV
  start_gateway
  if [ -n "$parent" ]; then
    setsid bash -c 'while kill -0 "$1" 2>/dev/null; do sleep 2; done; exec bash "$2" down "$3"' \
      watch "$parent" "$(readlink -f "$0")" "$dir" >/dev/null 2>&1 </dev/null &
    echo $! >"$dir/watch.pid"
  fi
}

# What a cluster's administrator does for roles of service accounts, in the gateway's own words.
trust() {
  local issuer=$1 thumbprint=$2 role=$3 host=${1#*://} answer
  if [ ! -s "$dir/sts.endpoint" ]; then
    local port
    port=$(free_port)
    start sts radosgw -n client.admin -f --rgw-s3-auth-use-sts=true --rgw-sts-key=codeparrot-tests \
      --rgw-frontends="beast endpoint=127.0.0.1:$port"
    await_gateway sts "$port"
    echo "http://127.0.0.1:$port" >"$dir/sts.endpoint"
  fi
  answer=$(curl -sS --max-time 60 --aws-sigv4 aws:amz:us-east-1:iam --user test-access:test-secret-key \
    "$(cat "$dir/sts.endpoint")/" --data "Action=CreateOpenIDConnectProvider&Url=$issuer" \
    --data "ClientIDList.member.1=sts.amazonaws.com" --data "ThumbprintList.member.1=$thumbprint")
  case $answer in *oidc-provider*) ;; *) echo "$answer" >&2; return 1 ;; esac
  radosgw-admin -c "$conf" role create --role-name="$role" --assume-role-policy-doc="$(cat <<POLICY
{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sts:AssumeRoleWithWebIdentity"],
"Principal":{"Federated":["arn:aws:iam:::oidc-provider/$host"]},
"Condition":{"StringEquals":{"$host:app_id":"sts.amazonaws.com"}}}]}
POLICY
)" >>"$dir/log/setup.out" 2>&1
  radosgw-admin -c "$conf" role policy put --role-name="$role" --policy-name=all --policy-doc='{"Version":"2012-10-17",
"Statement":[{"Effect":"Allow","Action":["s3:*"],"Resource":"arn:aws:s3:::*"}]}' >>"$dir/log/setup.out" 2>&1
  cat "$dir/sts.endpoint"
}

case $command in
  up) up && cat "$dir/env" ;;
  trust) trust "$3" "$4" "$5" ;;
  stop-gateway) stop rgw ;;
  start-gateway) start_gateway ;;
  down)
    # The watcher may be the one who calls.
    if [ -s "$dir/watch.pid" ] && [ "$(cat "$dir/watch.pid")" != $$ ]; then stop watch; fi
    for name in sts rgw osd mon; do stop "$name"; done
    rm -rf "$dir"
    ;;
  *) usage ;;
esac
