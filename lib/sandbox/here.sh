#!/bin/bash
# Builds the world on this machine itself: the nodes are named network namespaces of the machine (`ip netns exec host bash` works
# in every terminal). The machine's own network, which may carry a login, does not change.
#
#   setpriv --pdeathsig=KILL bash here.sh PROGRAM ...   as root of the machine
#
# Nothing stays, however the run ends: its processes end with their PID namespace, and a watcher in a session of its own, which
# sees on a pipe that the last of them has ended, removes the namespaces. All of them belong to this run: it refuses to start on a
# machine that already has named namespaces.
set -eu

case $1 in
  --watch)
    # Wait until the last process that holds the other end has ended.
    cat >/dev/null
    # Each command is tried, even if the one before it failed.
    ip -all netns delete 2>/dev/null || true
    # Lazily, because another process of the machine may still use it.
    [ "$2" = mounted ] || umount --lazy /run/netns 2>/dev/null || true
    rmdir /run/netns 2>/dev/null || true
    exit 0
    ;;
  --world)
    shift
    # Only mounts below /run/netns are visible outside.
    for path in / /proc /sys /run; do mount --make-private $path 2>/dev/null || true; done
    mount -t proc netdojo /proc
    exec 7</run/netns
    mount -t tmpfs -o mode=0755 netdojo /run
    mkdir /run/netns
    mount --no-canonicalize --bind /proc/self/fd/7 /run/netns
    exec 7<&-
    ip netns add host
    # Not `ip netns exec`: it hides later mounts from the machine.
    exec nsenter --net=/run/netns/host sh "${0%/*}/world.sh" --built-on "$@"
    ;;
esac

# A starter that died before setpriv had asked to be killed with it has left this process to another parent.
[ "${NETDOJO_STARTER:-$PPID}" = "$PPID" ] || exit 1
unset NETDOJO_STARTER

# One run at a time. The run before may still be ending.
exec 9<"$0"
flock --timeout 5 9 || {
  echo 'here: another run with --in here uses this machine' >&2
  exit 1
}
[ -z "$(ip netns list)" ] || {
  echo "here: this machine must not have named network namespaces, and it has $(ip netns list | cut -d' ' -f1 | tr '\n' ' ')" >&2
  exit 1
}
before=mounted
# The kernel refuses this where nothing is mounted. mountpoint(1) also finds a mount that is hidden under a later mount on /run.
mount --make-shared /run/netns 2>/dev/null || before=absent

# The watcher writes nothing, and keeps descriptor 2 open until it is done: the program that started us waits for its end. It runs before
# there is anything for it to take back: a signal can come between any two lines.
exec 8> >(exec setsid bash "$0" --watch $before >/dev/null)

# `ip netns add` does the same at its first use (ip-netns(8)).
mkdir -p /run/netns
[ $before = mounted ] || {
  mount --bind /run/netns /run/netns
  mount --make-shared /run/netns
}

# The kernel kills this process with its parent (see here.ts), and unshare kills its child when unshare dies.
exec unshare --mount --propagation unchanged --pid --fork --kill-child bash "$0" --world "$@"
