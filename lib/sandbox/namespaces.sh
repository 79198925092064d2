#!/bin/sh
# Becomes a program on the node `host` of a fresh world, in namespaces of its own, which the kernel removes when the program ends.
#
#   setpriv --pdeathsig=KILL sh namespaces.sh PROGRAM ...
#
# unshare kills its child when unshare dies (--kill-child), and setpriv has asked the kernel to kill unshare when its parent dies
# (the request survives unshare(2)): nothing is left after a SIGKILL, and no process is ever searched for by its name.
# Descriptor 3 becomes the standard error of PROGRAM: descriptor 2 then carries only the reason of a failed start.
set -eu

# A starter that died before setpriv had asked to be killed with it has left this process to another parent.
[ "${NETDOJO_STARTER:-$PPID}" = "$PPID" ] || exit 1
unset NETDOJO_STARTER

# world.sh reads this: an unshare that died before its child had asked to be killed with it is a zombie, or gone.
exec 9</proc/self/stat

user='--user --map-root-user'
while read -r key value _; do
  [ "$key$value" != Uid:0 ] || user=''
  [ "$key" != Uid: ] || break
done </proc/self/status
# shellcheck disable=SC2086 -- two words or none
exec unshare $user --mount --pid --net --uts --ipc --fork --kill-child --mount-proc sh "${0%/*}/world.sh" "$@"
