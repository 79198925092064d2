#!/bin/sh
# Runs a command where libvirt's daemons run although nothing manages services here: in namespaces of its own, with everything
# that they make (networks, rules, sockets, disks, machines), all of which ends with the command. As root.
#
#   sh vagrant/isolated.sh COMMAND ...
#
# NETDOJO_BOX_URL must name a box: Vagrant's catalogue cannot be reached from there.
set -eu
if [ "${1:-}" != --inside ]; then
  [ "$(id -u)" -eq 0 ] || {
    echo 'isolated: virtual machines of its own need root' >&2
    exit 3
  }
  for tool in vagrant libvirtd virtlogd dnsmasq qemu-system-x86_64; do
    PATH=$PATH:/usr/sbin command -v $tool >/dev/null || {
      echo "isolated: $tool is missing: apt-get install vagrant vagrant-libvirt libvirt-daemon-system \\
  libvirt-daemon-driver-qemu libvirt-clients dnsmasq-base qemu-system-x86 qemu-utils rsync openssh-client" >&2
      exit 3
    }
  done
  # What a run left that was killed: the disks are the one thing that does not end with its processes.
  for old in /var/tmp/netdojo-vm-*; do
    [ ! -d "$old" ] || kill -0 "${old##*-}" 2>/dev/null || rm -rf --one-file-system "$old"
  done
  directory=/var/tmp/netdojo-vm-$$
  mkdir -m 700 "$directory"
  trap 'rm -rf --one-file-system "$directory"' EXIT
  trap 'exit 130' INT TERM HUP
  # Its own session has no terminal to lose; a SIGKILL to us takes it with all that it has.
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
# libvirt keeps what it knows of machines, networks and disks there: here, nothing yet.
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
# npm is not to be seen from here: our programs would take it for dead, and themselves for abandoned.
unset npm_lifecycle_event
export VAGRANT_DEFAULT_PROVIDER=libvirt VAGRANT_CHECKPOINT_DISABLE=1 VAGRANT_NO_PARALLEL=1
# The first process of a PID namespace is everybody's last parent: a shell buries orphans while it waits for the command. Node does not,
# and libvirt would wait 40 seconds for the end of a QEMU that is a zombie already.
status=0
"$@" || status=$?
exit $status
