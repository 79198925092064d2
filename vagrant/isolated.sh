#!/bin/sh
# Runs a command together with libvirt's daemons, for systems without a service manager. Both run in their own namespaces, so everything
# that they make (networks, rules, sockets, disks, machines) ends with the command. It needs root.
#
#   sh vagrant/isolated.sh COMMAND ...
#
# NETDOJO_BOX_URL must name a box, because the namespaces cannot reach Vagrant's catalogue.
set -eu
if [ "${1:-}" != --inside ]; then
  [ "$(id -u)" -eq 0 ] || {
    echo 'isolated: it must run as root' >&2
    exit 3
  }
  missing=''
  for tool in vagrant virsh libvirtd virtlogd dnsmasq qemu-img qemu-system-x86_64 rsync ssh; do
    PATH=$PATH:/usr/sbin command -v $tool >/dev/null || missing="$missing $tool"
  done
  [ -z "$missing" ] || {
    echo "isolated: these programs are not installed:$missing. npm run e2e:vm installs them" >&2
    exit 3
  }
  # Remove the disks of killed runs. Only the disks do not end with the processes.
  for old in /var/tmp/netdojo-vm-*; do
    [ ! -d "$old" ] || kill -0 "${old##*-}" 2>/dev/null || rm -rf --one-file-system "$old"
  done
  directory=/var/tmp/netdojo-vm-$$
  mkdir -m 700 "$directory"
  trap 'rm -rf --one-file-system "$directory"' EXIT
  trap 'exit 130' INT TERM HUP
  # With --pdeathsig, a SIGKILL to this shell also ends the namespaces and everything in them.
  setpriv --pdeathsig=KILL unshare --mount --pid --net --ipc --uts --fork --kill-child --mount-proc \
    sh "$0" --inside "$directory" "$@"
  exit
fi

directory=$2
shift 2
mount -t tmpfs -o mode=0755 netdojo /run
mount -t sysfs netdojo /sys 2>/dev/null || true
ip link set lo up
for place in lib cache log; do
  mkdir -p "$directory/$place" "/var/$place/libvirt"
  mount --bind "$directory/$place" "/var/$place/libvirt"
done
mkdir /run/libvirt
# libvirt stores its machines, networks and disks there. Start without any.
cp -a /etc/libvirt "$directory/etc"
rm -rf "$directory/etc/qemu" "$directory/etc/storage" "$directory/etc/secrets"
mount --bind "$directory/etc" /etc/libvirt
cat >/etc/libvirt/qemu.conf <<'END'
user = "root"
group = "root"
security_driver = "none"
cgroup_controllers = []
namespaces = []
remember_owner = 0
END
PATH=$PATH:/usr/sbin:/sbin
virtlogd --daemon
libvirtd --daemon
until virsh --quiet list >/dev/null 2>&1; do sleep 0.1; done

export HOME="$directory" VAGRANT_HOME="$directory/vagrant" VAGRANT_DOTFILE_PATH="$directory/machine"
# npm's process is not visible in this PID namespace. Our programs would think that it has ended, and stop.
unset npm_lifecycle_event
export VAGRANT_DEFAULT_PROVIDER=libvirt VAGRANT_CHECKPOINT_DISABLE=1 VAGRANT_NO_PARALLEL=1
# The first process of a PID namespace becomes the parent of all orphans. A shell reaps them while it waits for the command. Node does
# not, and libvirt would wait 40 seconds for a QEMU that is already a zombie.
status=0
"$@" || status=$?
exit $status
