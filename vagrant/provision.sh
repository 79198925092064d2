#!/bin/sh
# Makes a fresh Debian machine ready for the lab, as its root: the networking tools. It may run any number of times, and a
# machine that has them already (our own box, a packaged one) needs no network for it.
set -eu
packages=/netdojo/lib/sandbox/container/packages
lacking() {
  # shellcheck disable=SC2046,SC2068 -- one package a word
  ! dpkg-query --show $@ >/dev/null 2>&1
}
install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}
# shellcheck disable=SC2046 -- one package a word
if lacking rsync $(cat "$packages"); then
  apt-get update -qq
  install rsync $(cat "$packages")
fi
# No scenario needs it: it is for `netdojo run` on the machine's own network.
if lacking runc; then
  install runc || echo 'provision: no runc, and so no netdojo run'
fi
# What a container engine's host has, and the lab looks at; kernels without these modules have them built in, or not at all.
for module in br_netfilter nf_conntrack veth; do
  modprobe "$module" 2>/dev/null || true
done
# Root keeps compiled code here: stripping TypeScript of its types takes seconds where the processor is emulated. Only root may
# write it, since it is run as it is found; /var/cache belongs to root.
mkdir -p /var/cache/netdojo/compiled
chmod 700 /var/cache/netdojo/compiled
# A container's first program may not heed SIGTERM: the machine goes down with it, and not 90 seconds later.
if [ -d /run/systemd/system ] && [ ! -f /etc/systemd/system.conf.d/netdojo.conf ]; then
  mkdir -p /etc/systemd/system.conf.d
  printf '[Manager]\nDefaultTimeoutStopSec=10s\n' >/etc/systemd/system.conf.d/netdojo.conf
  systemctl daemon-reload
fi
