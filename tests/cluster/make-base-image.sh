#!/usr/bin/env bash
# Makes a base image for `make image` out of this machine's Debian packages, where no registry can be reached: libc,
# libstdc++, OpenSSL, certificates and a font; no shell, no package manager. Needs apt and a Debian mirror; no root.
#
#   make-base-image.sh NAME:TAG OUT.tar [PACKAGE...]     with these packages' files besides
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/cache.sh"
[ $# -ge 2 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
name=$1 out=$(realpath -m "$2")
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root

use_own_apt "$work/apt" deb "$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)"
packages="base-files libc6 libgcc-s1 libstdc++6 libssl3 zlib1g ca-certificates tzdata fonts-dejavu-core"
# shellcheck disable=SC2086 # one word a package
unpack_packages "$root" $packages "$@"
# What the packages' own scripts would do.
mkdir -p "$root"/{etc/ssl/certs,tmp,proc,sys,dev,home}
find "$root/usr/share/ca-certificates" -name '*.crt' | LC_ALL=C sort | xargs cat \
  >"$root/etc/ssl/certs/ca-certificates.crt"
printf 'root:x:0:0:root:/:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home:/sbin/nologin\n' >"$root/etc/passwd"
printf 'root:x:0:\nnonroot:x:65532:\n' >"$root/etc/group"
printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
rm -rf "$root"/usr/share/{doc,man,locale,lintian,info,bug} "$root"/usr/lib/*/gconv "$root"/etc/update-motd.d "$root"/var/local
chmod 755 "$root"
chmod 1777 "$root/tmp"
"$here/make-image.sh" "$name" "$root" "$out"
