#!/bin/sh
# Builds the image of the container sandbox where no registry can be reached: from Debian's packages, by the package
# sources of this machine, and the project's own Node. As root on Debian or Ubuntu, with debootstrap and docker.
#
#   sh lib/sandbox/container/import-image.sh            into the engine (DOCKER_HOST says which, if not the usual one)
#   sh lib/sandbox/container/import-image.sh FILE.tar   into a file, for `docker import FILE.tar NAME` on other machines
#
# The last line printed is the image's name, the same as of the image that is built from the Dockerfile.
set -eu
here=$(cd "${0%/*}" && pwd)
node=$here/../../../node_modules/node/bin/node
# The same as in image.ts.
name=netdojo:$(cat "$here/Dockerfile" "$here/packages" | sha256sum | cut -c1-12)

fail() {
  printf 'import-image: %s\n' "$1" >&2
  exit 3
}
[ "$(id -u)" -eq 0 ] || fail 'debootstrap needs root: sudo sh lib/sandbox/container/import-image.sh'
command -v debootstrap >/dev/null || fail 'debootstrap is missing: apt-get install debootstrap'
[ $# -gt 0 ] || command -v docker >/dev/null || fail 'docker is missing: apt-get install docker.io'
[ -x "$node" ] || fail 'the packages are not installed yet: npm ci'

# The first of this machine's own package sources: whatever mirror it uses is the one that can be reached.
# shellcheck disable=SC2016 -- the dollars are apt's
source=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' | head -n 1)
[ -n "$source" ] || fail 'this machine has no package sources: /etc/apt'

root=$(mktemp -d)
trap 'rm -rf --one-file-system "$root"' EXIT
trap 'exit 130' INT TERM HUP

packages=$(tr '\n' , <"$here/packages")
echo "import-image: Debian's packages (a minute or two)" >&2
debootstrap --variant=minbase --include="${packages%,}" "${source#* }" "$root/image" "${source% *}" >"$root/log" 2>&1 || {
  tail -n 20 "$root/log" >&2
  fail 'debootstrap failed: its last lines are above'
}
cp "$node" "$root/image/usr/local/bin/node"
rm -rf "$root"/image/var/cache/apt/* "$root"/image/var/lib/apt/lists/* "$root"/image/usr/share/doc "$root"/image/usr/share/man \
  "$root"/image/usr/share/locale
# debootstrap leaves device nodes, which an engine makes by itself.
tar --create --directory "$root/image" --one-file-system --exclude='./dev/*' --numeric-owner . >"$root/image.tar"
if [ $# -gt 0 ]; then
  mv "$root/image.tar" "$1"
else
  docker import --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' "$root/image.tar" "$name" >&2
fi
echo "$name"
