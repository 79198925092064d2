#!/bin/sh
# Builds a Vagrant box for libvirt from the Debian package sources of this machine. The box contains everything that the lab needs, so
# its machines work without a network. It needs root on Debian or Ubuntu.
#
#   sh vagrant/build-box.sh FILE.box     then: NETDOJO_BOX=netdojo NETDOJO_BOX_URL=FILE.box npm run vm -- up
#
# It needs debootstrap, extlinux, fdisk, e2fsprogs, qemu-utils, and vagrant for its well-known key.
set -eu
here=$(cd "${0%/*}" && pwd)
repository=${here%/*}
node=$repository/node_modules/node/bin/node
PATH=$PATH:/usr/sbin:/sbin

fail() {
  printf 'build-box: %s\n' "$1" >&2
  exit 3
}
report() {
  printf 'build-box: %s\n' "$1" >&2
}
[ $# -eq 1 ] || fail 'usage: sh vagrant/build-box.sh FILE.box'
[ "$(id -u)" -eq 0 ] || fail 'it must run as root: debootstrap and loop devices need it'
missing=''
for tool in debootstrap extlinux sfdisk mkfs.ext4 qemu-img vagrant; do
  command -v $tool >/dev/null || missing="$missing $tool"
done
[ -z "$missing" ] || fail "these programs are not installed:$missing. sh scripts/setup.sh --e2e-vm installs them"
[ -x "$node" ] || fail 'the packages of the project are not installed: sh scripts/setup.sh'
# The key that Vagrant contains for new boxes. Vagrant replaces it at the first start.
key=$(find / -xdev -path '*vagrant*/keys/vagrant.pub' 2>/dev/null | head -n 1)
[ -n "$key" ] || fail 'the package of Vagrant must contain keys/vagrant.pub, the key for fresh boxes, and it does not'
mbr=$(find /usr/lib -path '*EXTLINUX/mbr.bin' -o -path '*/syslinux/mbr/mbr.bin' 2>/dev/null | head -n 1)
[ -n "$mbr" ] || fail 'the package of extlinux must contain mbr.bin, and it does not'

# shellcheck disable=SC2016 -- the dollars are apt's
source=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' | head -n 1)
[ -n "$source" ] || fail 'apt has no package sources: see /etc/apt/sources.list.d'
# All of its components: Ubuntu has etcd-server in universe.
# shellcheck disable=SC2016 -- the dollars are apt's
components=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
  while read -r uri codename component; do [ "$uri $codename" != "$source" ] || echo "$component"; done | sort -u | tr '\n' ,)

work=$(mktemp -d -p /var/tmp)
root=$work/root
clean() {
  ! mountpoint -q "$work/disk" || umount "$work/disk"
  rm -rf --one-file-system "$work"
}
trap clean EXIT
trap 'exit 130' INT TERM HUP

report "Debian's packages (a minute or two)"
architecture=$(dpkg --print-architecture)
system=systemd-sysv,dbus,udev,openssh-server,sudo,kmod,less,rsync,lz4,runc
debootstrap --variant=minbase --components="${components%,}" --include="$system,$(tr '\n' , <"$repository/lib/sandbox/container/packages" | sed 's/,$//')" \
  "${source#* }" "$root" "${source% *}" >"$work/log" 2>&1 || {
  tail -n 20 "$work/log" >&2
  fail 'debootstrap failed: its last lines are above'
}
# Configure the initramfs before the kernel is installed, so that it is made only once, with only the modules of this disk. Such an
# initramfs is much faster to make and to start, which matters on an emulated processor.
mkdir -p "$root/etc/initramfs-tools/conf.d"
printf 'MODULES=list\nCOMPRESS=lz4\n' >"$root/etc/initramfs-tools/conf.d/netdojo"
printf 'virtio_pci\nvirtio_blk\next4\n' >"$root/etc/initramfs-tools/modules"
report 'the kernel'
cp /etc/resolv.conf "$root/etc/resolv.conf"
chroot "$root" sh -c "export DEBIAN_FRONTEND=noninteractive; apt-get update && apt-get install -y --no-install-recommends \
  -o Dpkg::Options::=--force-confold initramfs-tools linux-image-cloud-$architecture" >>"$work/log" 2>&1 || {
  tail -n 20 "$work/log" >&2
  fail 'the kernel could not be installed: the last lines are above'
}

report 'settings'
install -m 755 "$node" "$root/usr/local/bin/node"
echo netdojo >"$root/etc/hostname"
echo '127.0.0.1 localhost netdojo' >"$root/etc/hosts"
echo '/dev/vda1 / ext4 noatime 0 1' >"$root/etc/fstab"
cat >"$root/etc/systemd/network/eth0.network" <<'END'
[Match]
Name=eth0
[Network]
DHCP=ipv4
END
chroot "$root" systemctl enable --quiet systemd-networkd ssh
chroot "$root" systemctl disable --quiet etcd nftables apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer 2>/dev/null || true
chroot "$root" useradd --create-home --shell /bin/bash vagrant
install -d -m 700 "$root/home/vagrant/.ssh"
install -m 600 "$key" "$root/home/vagrant/.ssh/authorized_keys"
chroot "$root" chown -R vagrant: /home/vagrant
echo 'vagrant ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/vagrant"
echo 'UseDNS no' >"$root/etc/ssh/sshd_config.d/netdojo.conf"
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/doc "$root"/usr/share/man "$root"/usr/share/locale

report 'the disk'
# Every machine makes its own.
rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/machine-id"
: >"$root/etc/machine-id"
cat >"$root/etc/systemd/system/host-keys.service" <<'END'
[Unit]
Before=ssh.service
ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key
[Service]
Type=oneshot
ExecStart=/usr/bin/ssh-keygen -A
[Install]
WantedBy=multi-user.target
END
chroot "$root" systemctl enable --quiet host-keys
mkdir -p "$root/boot/extlinux"
kernel=$(basename "$(ls "$root"/boot/vmlinuz-*)")
cat >"$root/boot/extlinux/extlinux.conf" <<END
DEFAULT linux
LABEL linux
  KERNEL /boot/$kernel
  INITRD /boot/initrd.img-${kernel#vmlinuz-}
  APPEND root=/dev/vda1 rw net.ifnames=0 console=ttyS0 quiet mitigations=off
END
truncate -s 4G "$work/disk.raw"
echo 'start=2048, type=83, bootable' | sfdisk --quiet "$work/disk.raw"
dd if="$mbr" of="$work/disk.raw" bs=440 count=1 conv=notrunc status=none
# extlinux cannot read a file system with these two features.
mkfs.ext4 -q -O ^64bit,^metadata_csum -d "$root" -E offset=$((2048 * 512)) "$work/disk.raw" $(((4096 - 1) * 1024))k
mkdir "$work/disk"
mount -o loop,offset=$((2048 * 512)) "$work/disk.raw" "$work/disk"
extlinux --install "$work/disk/boot/extlinux" >>"$work/log" 2>&1 || fail "extlinux: $(tail -n 1 "$work/log")"
umount "$work/disk"

report 'packing'
qemu-img convert -O qcow2 -c "$work/disk.raw" "$work/box.img"
echo '{"provider":"libvirt","format":"qcow2","virtual_size":4}' >"$work/metadata.json"
printf "Vagrant.configure('2') { |config| config.vm.provider(:libvirt) { |libvirt| libvirt.disk_bus = 'virtio' } }\n" >"$work/Vagrantfile"
tar --create --gzip --directory "$work" --file "$1" metadata.json Vagrantfile box.img
report "$1 is ready"
