#!/bin/sh
# Installs what is missing, then becomes the command that it is given: each npm script begins with it, and it takes a few
# milliseconds when all is there.
#
#   sh scripts/setup.sh [--packages] [COMMAND ...]      --packages: only the packages of package-lock.json, no tools of the system
#
# It needs a POSIX shell only. It installs nothing on the system without asking, except as root without a terminal (a container,
# CI), and nothing at all as a user without sudo. It is no 'pre' script: `ignore-scripts` skips those.
set -eu
cd "${0%/*}/.."

# Debian leaves these out of an ordinary user's PATH.
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

main() {
  # Only what the shell itself can do until something is missing: each program would take a few milliseconds.
  is_installed || install_packages
  # On other systems than Linux, the lab runs in a container or virtual machine that brings its own tools.
  if [ "${1:-}" = --packages ]; then shift; elif [ -d /proc/sys/net ]; then ensure_tools; fi
  # The lock of install_packages is not for the command.
  [ $# -eq 0 ] || exec "$@" 9<&-
}

ensure_tools() {
  missing=''
  while read -r tool rest; do
    [ -z "$tool" ] || is_there "$tool" || missing="$missing$tool $rest
"
  done <<END
$tools
END
  [ -z "$missing" ] || install_tools
}

# BusyBox has small versions of most tools, which lack what the lab needs.
is_there() {
  command -v "$1" >/dev/null || return 1
  [ ! -e /bin/busybox ] || [ ! "$(command -v "$1")" -ef /bin/busybox ]
}

is_installed() {
  [ node_modules/.netdojo-installed -nt package-lock.json ]
}

install_packages() {
  # One at a time: the lock is on a file that is there anyway, and ends with this process.
  if command -v flock >/dev/null; then
    exec 9<package-lock.json
    flock 9
    ! is_installed || return 0
  fi
  if [ ! -w . ]; then
    say "this directory belongs to somebody else, and its packages are not installed yet: make a clone of your own"
    exit 3
  fi
  say 'installing the packages of package-lock.json (once)'
  # The package that brings Node 24 fetches it in an install script.
  npm ci --ignore-scripts=false --no-audit --no-fund --loglevel=error >&2 || {
    say 'npm ci failed: its message is above. Is the registry reachable?'
    exit 3
  }
  : >node_modules/.netdojo-installed
}

install_tools() {
  column=0
  for manager in apt-get dnf pacman apk zypper; do
    column=$((column + 1))
    ! command -v "$manager" >/dev/null || break
    manager=''
  done
  if [ -z "$manager" ]; then
    say "these tools are missing: $(printf %s "$missing" | cut -d' ' -f1 | tr '\n' ' ')"
    say 'install them with the package manager of this system, then try again'
    exit 3
  fi
  packages=$(printf %s "$missing" | while read -r _ apt dnf pacman apk zypper; do
    set -- "$apt" "$dnf" "$pacman" "$apk" "$zypper"
    shift $((column - 1))
    echo "$1"
  done | sort -u | tr '\n' ' ')
  packages=${packages% }
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
      say "networking tools are missing. Type this, then try again:

  sudo $command
"
      exit 3
    fi
    as='sudo '
  fi
  if [ -t 0 ] && [ -t 2 ]; then
    say "networking tools are missing. They can be installed with:

  $as$command
"
    printf 'Do it now? [Y/n] ' >&2
    read -r answer || answer=n
    case $answer in '' | [yY]*) ;; *) exit 3 ;; esac
  elif [ -n "$as" ]; then
    say "networking tools are missing. Type this, then try again:

  $as$command
"
    exit 3
  else
    say "installing networking tools: $packages"
  fi
  # The words of $command are our own: no data is in them.
  [ "$manager" != apt-get ] || $as apt-get update -qq >&2 || true
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive $as $command >&2 || {
    say "the installation failed: its message is above. The command was: $as$command"
    exit 3
  }
}

say() {
  printf 'netdojo: %s\n' "$1" >&2
}

main "$@"
