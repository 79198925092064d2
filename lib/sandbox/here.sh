#!/bin/bash
# The world on this very machine: its nodes are network namespaces with names of the machine (`ip netns exec host bash` works
# from every terminal), while the machine's own network, through which somebody may be logged in, is not touched.
#
#   setpriv --pdeathsig=KILL bash here.sh PROGRAM ...   as root of the machine
#
# However the run ends, nothing stays: its processes end with their PID namespace, and a watcher of its own session, which
# sees the end of the last of them on a pipe, removes the namespaces. They are all of this run: it refuses to begin where
# there are others.
set -eu

case $1 in
  --watch)
    # Until nobody holds the other end.
    cat >/dev/null
    # Each of these is tried, whatever became of the one before it.
    ip -all netns delete 2>/dev/null || true
    # Lazily: somebody of the machine may still be looking at it.
    [ "$2" = mounted ] || umount --lazy /run/netns 2>/dev/null || true
    rmdir /run/netns 2>/dev/null || true
    exit 0
    ;;
  --world)
    shift
    # Only what is mounted under /run/netns is to be seen outside.
    for place in / /proc /sys /run; do mount --make-private $place 2>/dev/null || true; done
    mount -t proc netdojo /proc
    exec 7</run/netns
    mount -t tmpfs -o mode=0755 netdojo /run
    mkdir /run/netns
    mount --no-canonicalize --bind /proc/self/fd/7 /run/netns
    exec 7<&-
    ip netns add host
    # And not `ip netns exec`, which hides from the machine what is mounted after it.
    exec nsenter --net=/run/netns/host sh "${0%/*}/world.sh" --built-on "$@"
    ;;
esac

# A starter that died before setpriv had asked to be killed with it has left this process to another parent.
[ "${NETDOJO_STARTER:-$PPID}" = "$PPID" ] || exit 1
unset NETDOJO_STARTER

# One at a time; the one before may still be ending.
exec 9<"$0"
flock --timeout 5 9 || {
  echo 'here: another run is using this machine' >&2
  exit 1
}
[ -z "$(ip netns list)" ] || {
  echo "here: this machine has network namespaces already: $(ip netns list | cut -d' ' -f1 | tr '\n' ' ')" >&2
  exit 1
}
before=mounted
# The kernel refuses this where nothing is mounted. mountpoint(1) also finds a mount that is hidden under a later mount on /run.
mount --make-shared /run/netns 2>/dev/null || before=absent

# The watcher says nothing, and keeps descriptor 2 open until it is done: whoever started us waits for that. It runs before
# there is anything for it to take back: a signal can come between any two lines.
exec 8> >(exec setsid bash "$0" --watch $before >/dev/null)

# As `ip netns add` does when it is used for the first time (ip-netns(8)).
mkdir -p /run/netns
[ $before = mounted ] || {
  mount --bind /run/netns /run/netns
  mount --make-shared /run/netns
}

# The kernel kills this process with its parent (see here.ts), and unshare kills its child when unshare dies.
exec unshare --mount --propagation unchanged --pid --fork --kill-child bash "$0" --world "$@"
