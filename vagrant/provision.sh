#!/bin/sh
# Installs the networking tools on a new Debian machine, as root. It may run any number of times. A machine that already has the tools
# (from our own box or a packaged one) needs no network for it.
set -eu
packages=/netdojo/lib/sandbox/container/packages
lacking() {
  # shellcheck disable=SC2046,SC2068 -- one package a word
  ! dpkg-query --show $@ >/dev/null 2>&1
}
install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}
needed="rsync $(grep -vx etcd-server "$packages")"
# shellcheck disable=SC2086 -- one package a word
if lacking $needed; then
  apt-get update -qq
  install $needed
fi
# Only the scenario overlay-network needs etcd, and it starts its own.
if lacking etcd-server; then
  if apt-get update -qq && install etcd-server; then
    systemctl disable --now --quiet etcd 2>/dev/null || true
  else
    echo 'provision: etcd-server could not be installed, so --all leaves the scenario overlay-network out'
  fi
fi
# Only `netdojo run` on the machine's own network needs runc.
if lacking runc; then
  install runc || echo 'provision: runc could not be installed, so netdojo run will not work'
fi
# The host of a container engine has these modules loaded. Other kernels have them built in, or do not have them.
for module in br_netfilter nf_conntrack veth; do
  modprobe "$module" 2>/dev/null || true
done
# Root stores compiled code here, because removing the types from TypeScript takes seconds on an emulated processor. Only root may write
# here, because this code is run without a check. /var/cache belongs to root.
mkdir -p /var/cache/netdojo/compiled
chmod 700 /var/cache/netdojo/compiled
# The first program of a container may ignore SIGTERM. Then stop after 10 seconds, and not after 90.
if [ -d /run/systemd/system ] && [ ! -f /etc/systemd/system.conf.d/netdojo.conf ]; then
  mkdir -p /etc/systemd/system.conf.d
  printf '[Manager]\nDefaultTimeoutStopSec=10s\n' >/etc/systemd/system.conf.d/netdojo.conf
  systemctl daemon-reload
fi
