// The set-up script with tools truly missing: hidden in a mount namespace of its own, under the package managers of five distributions.
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { run, type ProgramResult } from '../lib/exec/run.ts'
import { suite } from './helpers/suite.ts'

const setup = join(import.meta.dirname, '../scripts/setup.sh')

/** Runs the script where tcpdump and brctl are missing and only `manager` is there; it and sudo tell how they are called. */
function withoutTools(
  manager: string,
  { sudo, user }: { sudo: boolean; user: boolean },
): Promise<ProgramResult> {
  const commands = `
    set -e
    export PATH=$PATH:/usr/sbin
    mount -t tmpfs none /mnt
    ln -s $(command -v sh bash id cut sort tr cat mount sysctl unshare setpriv ip bridge iptables nft ping curl conntrack runc perl ifconfig route) /mnt
    printf '#!/bin/sh\\necho "called: ${manager} $*"\\n' >/mnt/${manager}
    printf '#!/bin/sh\\n${sudo ? 'shift $(( $1 == -n ))' : 'exit 1'}\\n' >/mnt/sudo
    chmod +x /mnt/${manager} /mnt/sudo
    # The script adds the system's directories to its PATH: these two must not be found there either.
    for tool in tcpdump brctl; do mount --bind /dev/null "$(readlink -f "$(command -v $tool)")"; done
    export PATH=/mnt
    ${user ? 'exec unshare --user --map-user=1234 --map-group=1234' : 'exec'} sh ${setup} </dev/null`
  return run('unshare', ['--user', '--map-root-user', '--mount', 'bash', '-c', commands], {
    allowFailure: true,
  })
}

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
})
