#!/bin/sh
# Makes a fresh Debian machine ready for the lab, as its root: the networking tools. It may run any number of times, and a
# machine that has them already (our own box, a packaged one) needs no network for it.
set -eu
packages=/netdojo/lib/sandbox/container/packages
# runc is for `netdojo run` on the machine's own network.
# shellcheck disable=SC2046 -- one package a word
if ! dpkg-query --show runc rsync $(cat "$packages") >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends runc rsync $(cat "$packages")
fi
# What a container engine's host has, and the lab looks at; kernels without these modules have them built in, or not at all.
for module in br_netfilter nf_conntrack veth; do
  modprobe "$module" 2>/dev/null || true
done
