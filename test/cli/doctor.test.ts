// Tests `netdojo doctor` on a network with one fault after the other: it names each fault and its owner, the lab or the machine.
import { existsSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { run } from '../../lib/exec/run.ts'
import { call } from '../helpers/command.ts'
import { commandLine } from '../helpers/netdojo.ts'
import { sandboxSuite, sh } from '../helpers/sandbox.ts'
import { ask, namespace, serve } from '../helpers/talk.ts'

type Finding = { readonly name: string; readonly state: string; readonly observed: string }
type Report = { readonly inSandbox: boolean; readonly findings: readonly Finding[] }

async function doctor(): Promise<Report & { readonly exitCode: number }> {
  const { code: exitCode, out } = await call(['doctor', '--format', 'json'])
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the test then looks at shows whether it is one
  return { ...(JSON.parse(out) as Report), exitCode }
}

const faults: Readonly<
  Record<string, readonly [make: string, undo: string, state: string, names: RegExp]>
> = {
  'forward policy': [
    'iptables -P FORWARD DROP',
    'iptables -P FORWARD ACCEPT',
    'fault',
    /DROP in ip filter FORWARD/,
  ],
  'forward policy, of nft': [
    "nft 'add table inet mine; add chain inet mine f { type filter hook forward priority 0; policy drop; }'",
    'nft delete table inet mine',
    'fault',
    /DROP in inet mine f/,
  ],
  'forward policy, of iptables-legacy': [
    'iptables-legacy -P FORWARD DROP',
    'iptables-legacy -P FORWARD ACCEPT',
    'fault',
    /DROP in iptables-legacy filter FORWARD/,
  ],
  'input policy': [
    'iptables -P INPUT DROP',
    'iptables -P INPUT ACCEPT',
    'note',
    /DROP in ip filter INPUT/,
  ],
  rp_filter: [
    'sysctl -qw net.ipv4.conf.eth0.rp_filter=1',
    'sysctl -qw net.ipv4.conf.eth0.rp_filter=0',
    'note',
    /strict on eth0/,
  ],
  routes: [
    'ip link add vpn type veth peer name far; ip link set vpn up; ip link set far up; ip route add 203.0.0.0/16 dev vpn',
    'ip link delete vpn',
    'fault',
    /203\.0\.(0\.0\/16 \(vpn\)|113\.0\/24 \(eth0\)) and .* overlap/,
  ],
  forwarding: [
    'sysctl -qw net.ipv4.ip_forward=0',
    'sysctl -qw net.ipv4.ip_forward=1',
    'note',
    /^off: this host forwards no packets/,
  ],
  'bridge-nf-call': [
    'sysctl -qw net.bridge.bridge-nf-call-iptables=1',
    'sysctl -qw net.bridge.bridge-nf-call-iptables=0',
    'note',
    /^on \(iptables\)/,
  ],
}

sandboxSuite('doctor', (test, slow) => {
  sh('sysctl -qw net.ipv4.ip_forward=1')

  test('a network without faults: doctor finds none, and names the network as the lab’s', async () => {
    const { exitCode, findings, inSandbox } = await doctor()
    assert.equal([exitCode, inSandbox], [0, true])
    const network = findings.filter(({ name }) => Object.hasOwn(faults, name))
    assert.equal(new Set(network.map(({ state }) => state)), new Set(['ok']))
    const { out: stdout } = await call(['doctor'])
    assert.match(stdout, /The network of the lab \(this host is a sandbox/)
    // No green mark under a warning.
    const isWarned = /^ {2}[!?] /m.test(stdout)
    assert.match(
      stdout,
      isWarned ? /! no faults found, but \d+ warnings?\n$/ : /✓ no faults found\n$/,
    )
    assert.ok(stdout.split('\n').length <= 25, 'one screen')
  })

  for (const [name, [make, undo, state, names]] of Object.entries(faults)) {
    if (name === 'bridge-nf-call' && !existsSync('/proc/sys/net/bridge')) {
      console.log('not run: doctor and bridge-nf-call: br_netfilter is not loaded here')
      continue
    }
    const define = name === 'forward policy' ? test : slow
    define(name, async () => {
      sh(make)
      try {
        const { exitCode, findings } = await doctor()
        const { out: page } = await call(['doctor'])
        assert.match(
          page,
          state === 'fault' ? /✗ 1 fault found\n$/ : /! no faults found, but \d+ warnings?\n$/,
        )
        const [about = ''] = name.split(',')
        const found = findings.find((finding) => finding.name === about && finding.state === state)
        assert.match(found?.observed ?? '', names)
        assert.is(exitCode, state === 'fault' ? 1 : 0)
      } finally {
        sh(undo)
      }
      const { findings } = await doctor()
      assert.not.ok(
        findings.some(({ observed }) => names.test(observed)),
        'and not when it is mended',
      )
    })
  }

  test('a program that listens on a published port later is named by reconcile, inspect, ps and doctor', async () => {
    namespace('c1')
    assert.is((await call(['network', 'create', '--subnet', '10.77.0.0/24', 'web'])).code, 0)
    assert.is((await call(['network', 'connect', '-p', '8080:80', 'web', 'c1'])).code, 0)
    const warning = async (...words: string[]) => {
      const { out, err } = await call(words)
      return /[^\n]*in vain[^\n]*/.exec(`${out}${err}`)?.[0].trim()
    }
    assert.is(await warning('network', 'inspect', 'web'), undefined)
    assert.is(await warning('reconcile'), undefined)
    {
      await using server = await serve(undefined, 'late', 8080)
      const message = `perl (process ${server.process.pid}) listens on port 8080/tcp of the host in vain: the namespace /run/netns/c1 publishes this port on the network web`
      assert.is(await warning('network', 'inspect', 'web'), `warning: ${message}`)
      assert.is(await warning('reconcile'), `${message}.`)
      const { findings, exitCode } = await doctor()
      const found = findings.find(({ name }) => name === 'published ports')
      assert.equal([found?.observed, found?.state, exitCode], [message, 'fault', 1])
      assert.is(ask(undefined, '203.0.113.2', 8080), 'ECONNREFUSED', 'the container is asked')
    }
    assert.is(await warning('network', 'inspect', 'web'), undefined)
    const { findings } = await doctor()
    assert.is(findings.find(({ name }) => name === 'forwarding')?.observed, 'on')
    assert.is((await call(['network', 'rm', '-f', 'web'])).code, 0)
  })

  test('forwarding that netdojo switched on, and routers that this host would no longer hear', async () => {
    const observed = async (name: string) =>
      (await doctor()).findings.find((found) => found.name === name)?.observed
    sh('sysctl -qw net.ipv4.ip_forward=0')
    sh('ip -6 route flush default; ip -6 route add default via fe80::1 dev eth0 proto ra')
    assert.is(
      await observed('accept_ra'),
      'a router gives this host its IPv6 default route by eth0; an IPv6 network sets accept_ra=2 there and keeps the route',
    )
    await call(['network', 'create', '--subnet', '10.77.0.0/24', '--ipv6', 'web'])
    assert.is(
      await observed('forwarding'),
      'on, only for the networks of netdojo, which switched it on',
    )
    assert.is(await observed('accept_ra'), undefined)
    sh('sysctl -qw net.ipv6.conf.eth0.accept_ra=1')
    assert.is(
      await observed('accept_ra'),
      '1 on eth0: this host forwards IPv6, so it ignores the routers that advertise themselves there',
    )
    await call(['network', 'rm', 'web'])
    sh(
      'ip -6 route flush default; ip -6 route add default via 2001:db8:113::1; sysctl -qw net.ipv4.ip_forward=1',
    )
  })

  test('the routes of a VPN for everything are no fault', async () => {
    sh(
      'ip link add vpn type veth peer name far; ip link set vpn up; ip route add 0.0.0.0/1 dev vpn',
    )
    const { findings } = await doctor()
    assert.is(findings.find(({ name }) => name === 'routes')?.state, 'ok')
    sh('ip link delete vpn')
  })

  test('a missing tool is a fault', async () => {
    const { stdout, exitCode } = await run(
      'unshare',
      [
        '--mount',
        'bash',
        '-c',
        `mount --bind /dev/null "$(readlink -f "$(command -v conntrack)")"
        ${commandLine('doctor', '')}`,
      ],
      { allowFailure: true },
    )
    assert.is(exitCode, 1)
    assert.match(stdout, /✗ tools +missing: conntrack\n +→ sh scripts\/setup.sh/)
    assert.match(stdout, /✗ conntrack +missing: .*conntrack/)
  })

  slow('2: wrong usage', async () => {
    const { code, err } = await call(['doctor', '--format', 'xml'])
    assert.is(code, 2)
    assert.match(err, /text, json/)
  })
})
