#!/bin/sh
# Builds the image of the container sandbox without a registry: from the package sources of this machine, and the project's own
# Node. It needs root on Debian or Ubuntu, debootstrap and docker.
#
#   sh lib/sandbox/container/import-image.sh            into the engine (DOCKER_HOST says which, if not the usual one)
#   sh lib/sandbox/container/import-image.sh FILE.tar   into a file, for `docker import FILE.tar NAME` on other machines
#
# The last line of its output is the name of the image, which is the same as that of the image built from the Dockerfile.
set -eu
here=$(cd "${0%/*}" && pwd)
node=$here/../../../node_modules/node/bin/node
# image.ts computes the same name.
name=netdojo:$(cat "$here/Dockerfile" "$here/packages" | sha256sum | cut -c1-12)

fail() {
  printf 'import-image: %s\n' "$1" >&2
  exit 3
}
[ "$(id -u)" -eq 0 ] || fail 'it must run as root: sudo sh lib/sandbox/container/import-image.sh'
command -v debootstrap >/dev/null || fail 'debootstrap is not installed: apt-get install debootstrap'
[ $# -gt 0 ] || command -v docker >/dev/null || fail 'docker is not installed: apt-get install docker.io'
[ -x "$node" ] || fail 'the packages of the project are not installed: sh scripts/setup.sh'

# The first package source of this machine: it can be reached from here.
# shellcheck disable=SC2016 -- the dollars are apt's
source=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' | head -n 1)
[ -n "$source" ] || fail 'apt has no package sources: see /etc/apt/sources.list.d'
# All of its components: Ubuntu has etcd-server in universe.
# shellcheck disable=SC2016 -- the dollars are apt's
components=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
  while read -r uri codename component; do [ "$uri $codename" != "$source" ] || echo "$component"; done | sort -u | tr '\n' ,)

root=$(mktemp -d)
trap 'rm -rf --one-file-system "$root"' EXIT
trap 'exit 130' INT TERM HUP

packages=$(tr '\n' , <"$here/packages")
echo "import-image: Debian's packages (a minute or two)" >&2
debootstrap --variant=minbase --components="${components%,}" --include="${packages%,}" "${source#* }" "$root/image" "${source% *}" >"$root/log" 2>&1 || {
  tail -n 20 "$root/log" >&2
  fail 'debootstrap failed: its last lines are above'
}
cp "$node" "$root/image/usr/local/bin/node"
mkdir -p "$root/image/usr/local/lib/node_modules"
for name in koffi @koromix @lydell; do
  cp -R "$here/../../../node_modules/$name" "$root/image/usr/local/lib/node_modules/"
done
rm -rf "$root"/image/var/cache/apt/* "$root"/image/var/lib/apt/lists/* "$root"/image/usr/share/doc "$root"/image/usr/share/man \
  "$root"/image/usr/share/locale
# Without the device nodes of debootstrap: an engine makes its own.
tar --create --directory "$root/image" --one-file-system --exclude='./dev/*' --numeric-owner . >"$root/image.tar"
if [ $# -gt 0 ]; then
  mv "$root/image.tar" "$1"
else
  docker import --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' "$root/image.tar" "$name" >&2
fi
echo "$name"
