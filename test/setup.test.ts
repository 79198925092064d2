// Runs the set-up script where tools are missing: hidden in a mount namespace of its own, with the package managers of five distributions.
import { cpSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { run, type ProgramResult } from '../lib/exec/run.ts'
import { newDirectory } from './helpers/directory.ts'
import { suite } from './helpers/suite.ts'

const setup = join(import.meta.dirname, '../scripts/setup.sh')

/** Runs the script where tcpdump and brctl are missing and `manager` is the only package manager; it and sudo print their arguments. */
function withoutTools(
  manager: string,
  { sudo, user, args = '' }: { sudo: boolean; user: boolean; args?: string },
): Promise<ProgramResult> {
  const commands = `
    set -e
    export PATH=$PATH:/usr/sbin
    mount -t tmpfs none /mnt
    ln -s $(command -v sh bash id cut sort tr cat mount sysctl unshare setpriv ip bridge iptables nft ping curl conntrack runc perl ifconfig route) /mnt
    printf '#!/bin/sh\\necho "called: ${manager} $*"\\n' >/mnt/${manager}
    printf '#!/bin/sh\\n${sudo ? 'shift $(( $1 == -n ))' : 'exit 1'}\\n' >/mnt/sudo
    chmod +x /mnt/${manager} /mnt/sudo
    # The script adds the system's directories to its PATH: these must not be found there either.
    for tool in tcpdump brctl ${virtual}; do ! path=$(command -v $tool) || mount --bind /dev/null "$(readlink -f "$path")"; done
    export PATH=/mnt
    ${user ? 'exec unshare --user --map-user=1234 --map-group=1234' : 'exec'} sh ${setup} ${args} </dev/null`
  return run('unshare', ['--user', '--map-root-user', '--mount', 'bash', '-c', commands], {
    allowFailure: true,
  })
}

const virtual =
  'vagrant virsh libvirtd virtlogd dnsmasq qemu-img qemu-system-x86_64 rsync debootstrap extlinux sfdisk mkfs.ext4'

const commands = {
  'apt-get': 'apt-get install -y --no-install-recommends bridge-utils tcpdump',
  dnf: 'dnf install -y bridge-utils tcpdump',
  pacman: 'pacman -S --needed --noconfirm bridge-utils tcpdump',
  apk: 'apk add bridge-utils tcpdump',
  zypper: 'zypper --non-interactive install bridge-utils tcpdump',
}

suite('setup', (test, slow) => {
  test('says and does nothing when all is there', async () => {
    const { exitCode, stdout, stderr } = await run('sh', [setup])
    assert.equal([exitCode, stdout, stderr], [0, '', ''])
  })

  for (const [manager, command] of Object.entries(commands)) {
    const define = manager === 'apt-get' || manager === 'apk' ? test : slow
    define(`${manager}: an ordinary user is told the command`, async () => {
      const { exitCode, stderr, stdout } = await withoutTools(manager, { sudo: false, user: true })
      assert.is(exitCode, 3, stderr)
      assert.match(stderr, `  sudo ${command}\n`)
      assert.is(stdout, '')
    })
  }

  test('root without a terminal: they are installed', async () => {
    const { exitCode, stderr } = await withoutTools('apt-get', { sudo: false, user: false })
    assert.is(exitCode, 0, stderr)
    assert.match(stderr, 'called: apt-get update -qq')
    assert.match(stderr, `called: ${commands['apt-get']}`)
  })

  test('sudo without a password, but no terminal to ask: nothing is installed', async () => {
    const { exitCode, stderr } = await withoutTools('apt-get', { sudo: true, user: true })
    assert.is(exitCode, 3)
    assert.match(stderr, `  sudo ${commands['apt-get']}\n`)
    assert.not.match(stderr, 'called:')
  })

  test('e2e:vm: all packages that are missing are named at once, in one command', async () => {
    const how = { sudo: false, user: true, args: '--e2e-vm echo started' }
    const { exitCode, stderr, stdout } = await withoutTools('apt-get', how)
    assert.equal([exitCode, stdout], [3, ''])
    const names =
      'bridge-utils debootstrap dnsmasq-base e2fsprogs extlinux fdisk libvirt-clients libvirt-daemon-driver-qemu libvirt-daemon-system qemu-system-x86 qemu-utils rsync tcpdump vagrant vagrant-libvirt'
    // A machine may have the plug-in, or a client for ssh.
    assert.match(
      stderr.replace('openssh-client ', ''),
      `apt-get install -y --no-install-recommends ${names}`,
    )
  })

  test('vm: only the words that start a machine need its tools', async () => {
    const tools = async (args: string) =>
      (await withoutTools('apt-get', { sudo: false, user: true, args })).stderr
    assert.match(await tools('--vm node start.js vm up'), / vagrant /)
    assert.not.match(await tools('--vm node start.js vm status'), / vagrant/)
    assert.is(await tools('--packages id -u'), '')
  })

  test('vm: where package names are not known, the programs are named', async () => {
    const how = { sudo: true, user: false, args: '--vm node start.js vm up' }
    const { exitCode, stderr } = await withoutTools('dnf', how)
    assert.is(exitCode, 3)
    assert.match(
      stderr,
      'netdojo: install these programs with dnf, then try again: tcpdump brctl vagrant rsync',
    )
  })

  test('the first run says what it installs, and how far it is', async () => {
    const { exitCode, stdout, stderr } = await inClone(
      `mkdir -p node_modules/one node_modules/.bin; touch node_modules/one/package.json; sleep 10.5
       printf '#!/bin/sh\\n' >node_modules/.bin/node; chmod +x node_modules/.bin/node`,
    )
    assert.equal([exitCode, stdout], [0, 'started'])
    assert.is(
      stderr,
      `netdojo: first run: installing the packages of package-lock.json into node_modules: 180 MB to download, 490 MB on disk,
  one to two minutes; the last and largest is Node 24
netdojo: 1 packages, 10 s
netdojo: the packages are installed`,
    )
  })

  test('packages that `npm ci` has installed by hand are not installed again', async () => {
    const { exitCode, stdout, stderr } = await inClone('exit 1', '.package-lock.json')
    assert.equal([exitCode, stdout, stderr], [0, 'started', ''])
    const other = await inClone('echo no registry >&2; exit 1', '.something-else')
    assert.equal([other.exitCode, other.stdout], [3, ''])
    assert.match(
      other.stderr,
      /no registry\nnetdojo: npm ci failed: its message is above\. Check that the registry can be reached: npm ping$/,
    )
  })

  test('with ignore-scripts and an old Node: what does not work, and the one command that helps', async () => {
    const { exitCode, stdout, stderr } = await inClone(`mkdir -p node_modules`)
    assert.equal([exitCode, stdout], [3, ''])
    assert.match(
      stderr,
      `netdojo: Node 24 or later must be installed, and the Node here is v20.1.0. npm ignores install scripts (ignore-scripts), so the
  package node could not bring its own. Allow its script alone, then try again:

  npm rebuild node --ignore-scripts=false
`,
    )
  })
})

/**
 * Runs the script in a fresh copy, where `npm ci` runs these commands and the machine's Node is old.
 * @param installed a file in node_modules that says that the packages are installed.
 */
async function inClone(npm: string, installed?: string): Promise<ProgramResult> {
  const directory = newDirectory()
  mkdirSync(join(directory, 'scripts'))
  mkdirSync(join(directory, 'bin'))
  cpSync(setup, join(directory, 'scripts/setup.sh'))
  writeFileSync(join(directory, 'package-lock.json'), '{}')
  utimesSync(join(directory, 'package-lock.json'), 0, 0)
  if (installed !== undefined) {
    mkdirSync(join(directory, 'node_modules/.bin'), { recursive: true })
    symlinkSync(process.execPath, join(directory, 'node_modules/.bin/node'))
    writeFileSync(join(directory, 'node_modules', installed), '')
  }
  writeFileSync(join(directory, 'bin/npm'), `#!/bin/sh\n${npm}\n`, { mode: 0o755 })
  writeFileSync(join(directory, 'bin/node'), '#!/bin/sh\necho v20.1.0\n', { mode: 0o755 })
  const command = [join(directory, 'scripts/setup.sh'), '--packages', 'echo', 'started']
  return run('sh', command, {
    env: { PATH: `${join(directory, 'bin')}:${process.env.PATH}` },
    allowFailure: true,
  })
}
