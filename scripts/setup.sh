#!/bin/sh
# Installs what is missing, then becomes the command that it is given: each npm script begins with it, and it takes a few
# milliseconds when all is there.
#
#   sh scripts/setup.sh [--packages | --vm | --e2e-vm] [COMMAND ...]
#     --packages   only the packages of package-lock.json, no tools of the system
#     --vm         also the tools of a virtual machine, if COMMAND ends in `up` or `ssh`
#     --e2e-vm     also those, and the tools that build a box, unless VirtualBox is here
#
# It needs a POSIX shell only. It installs nothing on the system without asking, except as root without a terminal (a container,
# CI), and nothing at all as a user without sudo. It is no 'pre' script: `ignore-scripts` skips those.
set -eu
cd "${0%/*}/.."

# Debian leaves these directories out of an ordinary user's PATH.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# Each tool with its package for apt, dnf, pacman, apk and zypper ('-': not packaged there).
tools='
ip          iproute2     iproute         iproute2        iproute2        iproute2
bridge      iproute2     iproute         iproute2        iproute2        iproute2
iptables    iptables     iptables-nft    iptables-nft    iptables        iptables
nft         nftables     nftables        nftables        nftables        nftables
ping        iputils-ping iputils         iputils         iputils-ping    iputils
curl        curl         curl            curl            curl            curl
conntrack   conntrack    conntrack-tools conntrack-tools conntrack-tools conntrack-tools
tcpdump     tcpdump      tcpdump         tcpdump         tcpdump         tcpdump
unshare     util-linux   util-linux-core util-linux      util-linux-misc util-linux
setpriv     util-linux   util-linux-core util-linux      setpriv         util-linux
mount       mount        util-linux-core util-linux      mount           util-linux
sysctl      procps       procps-ng       procps-ng       procps-ng       procps
bash        bash         bash            bash            bash            bash
runc        runc         runc            runc            runc            runc
perl        perl-base    perl-interpreter perl           perl            perl-base
brctl       bridge-utils bridge-utils    bridge-utils    bridge-utils    bridge-utils
ifconfig    net-tools    net-tools       net-tools       net-tools       net-tools
route       net-tools    net-tools       net-tools       net-tools       net-tools
'

# These with their packages for apt; other distributions differ too much.
vagrant_tools='
vagrant            vagrant
rsync              rsync
ssh                openssh-client
'

libvirt_tools='
vagrant-libvirt    vagrant-libvirt
virsh              libvirt-clients
libvirtd           libvirt-daemon-system
virtlogd           libvirt-daemon-driver-qemu
dnsmasq            dnsmasq-base
qemu-img           qemu-utils
qemu-system-x86_64 qemu-system-x86
'

box_tools='
debootstrap        debootstrap
extlinux           extlinux
sfdisk             fdisk
mkfs.ext4          e2fsprogs
'

main() {
  # Until something is missing, the shell does everything itself: each program would take a few milliseconds.
  is_installed || install_packages
  [ -x node_modules/.bin/node ] || require_node
  what=tools
  case ${1:-} in --*) what=${1#--} && shift ;; esac
  needed=$tools
  case "$what $*" in
    # Only these two start a machine.
    vm\ *' up' | vm\ *' ssh') needed=$needed$vagrant_tools$libvirt_tools ;;
    e2e-vm*) needed=$needed$vagrant_tools$libvirt_tools$box_tools ;;
    packages*) needed='' ;;
  esac
  case $needed in
    # VirtualBox has machines of its own, and Vagrant a box for them.
    *"$libvirt_tools"*) ! command -v VBoxManage >/dev/null || needed=$tools$vagrant_tools ;;
  esac
  # On other systems than Linux, the lab runs in a container or virtual machine that brings its own tools.
  [ ! -d /proc/sys/net ] || ensure_tools "$needed"
  # The lock of install_packages is not for the command.
  [ $# -eq 0 ] || exec "$@" 9<&-
}

# All that is missing is installed, or named, at once.
ensure_tools() {
  missing=''
  while read -r tool rest; do
    [ -z "$tool" ] || is_there "$tool" || missing="$missing$tool $rest
"
  done <<END
$1
END
  [ -z "$missing" ] || install_tools
}

# BusyBox has small versions of most tools, which lack what the lab needs.
is_there() {
  # A plug-in of Vagrant, which a distribution or Vagrant itself has installed.
  if [ "$1" = vagrant-libvirt ]; then
    grep -qs vagrant-libvirt "${VAGRANT_HOME:-$HOME/.vagrant.d}/plugins.json" /usr/share/vagrant-plugins/plugins.d/*
    return
  fi
  command -v "$1" >/dev/null || return 1
  [ ! -e /bin/busybox ] || [ ! "$(command -v "$1")" -ef /bin/busybox ]
}

# npm writes the second file at the end of every installation, also of one by hand. It keeps an old date where nothing changed.
is_installed() {
  [ node_modules/.netdojo-installed -nt package-lock.json ] || [ node_modules/.package-lock.json -nt package-lock.json ]
}

install_packages() {
  # One installation at a time: the lock is on a file that always exists, and ends with this process.
  if command -v flock >/dev/null; then
    exec 9<package-lock.json
    flock 9
    ! is_installed || return 0
  fi
  if [ ! -w . ]; then
    report 'cannot install the packages: this directory must be writable for you; make a clone of your own'
    exit 3
  fi
  report 'first run: installing the packages of package-lock.json into node_modules: 180 MB to download, 490 MB on disk,
  one to two minutes; the last and largest is Node 24'
  show_progress &
  progress=$!
  # It obeys the user's npm configuration (ignore-scripts); package.json allows one install script, the one of the package node.
  npm ci --no-audit --no-fund --loglevel=error --progress=false >/dev/null || {
    kill "$progress"
    report 'npm ci failed: its message is above. Check that the registry can be reached: npm ping'
    exit 3
  }
  kill "$progress"
  [ ! -t 2 ] || echo >&2
  report 'the packages are installed'
  : >node_modules/.netdojo-installed
}

# A line every second on a terminal, every ten seconds elsewhere. It ends with this shell.
show_progress() {
  seconds=0
  while sleep 1 && kill -0 $$ 2>/dev/null; do
    seconds=$((seconds + 1))
    count=0
    for file in node_modules/*/package.json node_modules/@*/*/package.json; do
      [ ! -e "$file" ] || count=$((count + 1))
    done
    if [ -t 2 ]; then
      printf '\rnetdojo: %s packages, %s s ' $count $seconds >&2
    elif [ $((seconds % 10)) -eq 0 ]; then
      report "$count packages, $seconds s"
    fi
  done
}

# With `ignore-scripts`, npm does not run the script by which the package node installs Node 24.
require_node() {
  version=$(node --version 2>/dev/null) || version=''
  major=${version#v}
  [ "${major%%.*}" -lt 24 ] 2>/dev/null || [ -z "$version" ] || return 0
  report "Node 24 or later must be installed, and the Node here is ${version:-missing}. npm ignores install scripts (ignore-scripts), so the
  package node could not bring its own. Allow its script alone, then try again:

  npm rebuild node --ignore-scripts=false
"
  exit 3
}

install_tools() {
  column=0
  for manager in apt-get dnf pacman apk zypper; do
    column=$((column + 1))
    ! command -v "$manager" >/dev/null || break
    manager=''
  done
  if [ -z "$manager" ]; then
    report "these programs are not installed: $(printf %s "$missing" | cut -d' ' -f1 | tr '\n' ' ')"
    report 'install them with the package manager of this system, then try again'
    exit 3
  fi
  packages=$(printf %s "$missing" | while read -r _ apt dnf pacman apk zypper; do
    set -- "$apt" "$dnf" "$pacman" "$apk" "$zypper"
    shift $((column - 1))
    echo "${1:--}"
  done | sort -u | tr '\n' ' ')
  packages=${packages% }
  case " $packages " in
    *' - '*)
      report "install these programs with $manager, then try again: $(printf %s "$missing" | cut -d' ' -f1 | tr '\n' ' ')"
      exit 3
      ;;
  esac
  case $manager in
    apt-get) command="apt-get install -y --no-install-recommends $packages" ;;
    dnf) command="dnf install -y $packages" ;;
    pacman) command="pacman -S --needed --noconfirm $packages" ;;
    apk) command="apk add $packages" ;;
    zypper) command="zypper --non-interactive install $packages" ;;
  esac
  as=''
  if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then
      report "programs are missing. Type this, then try again:

  sudo $command
"
      exit 3
    fi
    as='sudo '
  fi
  if [ -t 0 ] && [ -t 2 ]; then
    report "programs are missing. This installs them:

  $as$command
"
    printf 'Do it now? [Y/n] ' >&2
    read -r answer || answer=n
    case $answer in '' | [yY]*) ;; *) exit 3 ;; esac
  elif [ -n "$as" ]; then
    report "programs are missing. Type this, then try again:

  $as$command
"
    exit 3
  else
    report "installing $packages"
  fi
  # The words of $command are our own: no data is in them.
  [ "$manager" != apt-get ] || $as apt-get update -qq >&2 || true
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive $as $command >&2 || {
    report "the installation failed: its message is above. The command was: $as$command"
    exit 3
  }
}

report() {
  printf 'netdojo: %s\n' "$1" >&2
}

main "$@"
