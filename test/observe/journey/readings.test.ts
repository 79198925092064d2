// What the tools and the kernel print, read: each from a real output.
import * as assert from 'uvu/assert'
import { connectionsIn } from '../../../lib/kernel/state/conntrack-text.ts'
import { withHandles } from '../../../lib/kernel/state/firewall.ts'
import { parseIptables } from '../../../lib/kernel/state/iptables-text.ts'
import type { Chain } from '../../../lib/kernel/state/state.ts'
import { readCounters } from '../../../lib/kernel/state/sysctls.ts'
import { connectionOf } from '../../../lib/observe/journey/node-state.ts'
import { legacyRules, rulesWithHandles } from '../../../lib/observe/journey/rules.ts'
import { targetsOf } from '../../../lib/observe/journey/command-line.ts'
import { readTraceMessage } from '../../../lib/observe/journey/trace-message.ts'
import { suite } from '../../helpers/suite.ts'

suite('readings', (test) => {
  test('connections: an echo has its id in the place of both ports', () => {
    const [tcp, icmp, other] = connectionsIn(
      `ipv4     2 tcp      6 119 TIME_WAIT src=172.18.0.2 dst=198.51.100.1 sport=55928 dport=80 src=198.51.100.1 dst=203.0.113.2 sport=80 dport=55928 [ASSURED] mark=0 use=1
ipv4     2 icmp     1 29 src=172.18.0.2 dst=198.51.100.1 type=8 code=0 id=29 src=198.51.100.1 dst=203.0.113.2 type=0 code=0 id=29 mark=0 use=1
conntrack v1.4.7 (conntrack-tools): 2 flow entries have been shown.`,
    ).map(connectionOf)
    assert.equal(tcp?.reply, {
      source: '198.51.100.1',
      destination: '203.0.113.2',
      sourcePort: 80,
      destinationPort: 55928,
    })
    assert.equal([icmp?.protocol, icmp?.original.sourcePort], ['icmp', 29])
    assert.is(other, undefined)
  })

  test('rules: in the words of iptables where there are as many, else in those of nft', () => {
    const saved = `*filter
:FORWARD DROP [0:0]
[0:0] -A FORWARD -p icmp -j DROP
[0:0] -A FORWARD -j GUARD
COMMIT`
    const chain = { family: 'ip', table: 'filter', name: 'FORWARD', hook: 'forward' }
    const nft: Chain = {
      ...chain,
      backend: 'nft',
      rules: [
        { text: 'meta l4proto icmp counter drop', handle: 7 },
        { text: 'counter jump GUARD', handle: 9 },
      ],
    }
    const guard: Chain = {
      backend: 'nft',
      family: 'inet',
      table: 'guard',
      name: 'in',
      rules: [{ text: 'ip saddr @bad drop', handle: 4 }],
    }
    const texts = (text: string) =>
      rulesWithHandles([
        ...parseIptables(text, 'ip', 'iptables-nft').map((typed) => withHandles(typed, [nft])),
        guard,
      ]).map((rule) => `${rule.handle} ${rule.text}`)
    assert.equal(texts(saved), [
      '7 iptables -A FORWARD -p icmp -j DROP',
      '9 iptables -A FORWARD -j GUARD',
      '4 ip saddr @bad drop',
    ])
    assert.equal(texts(saved.replace('[0:0] -A FORWARD -j GUARD\n', '')), [
      '7 meta l4proto icmp drop',
      '9 jump GUARD',
      '4 ip saddr @bad drop',
    ])
  })

  test('rules of the older iptables, with their counters', () => {
    const text = '*nat\n:INPUT DROP [2:9]\n:X - [0:0]\n[5:300] -A X -j DROP\nCOMMIT'
    const rules = legacyRules(parseIptables(text, 'ip', 'iptables-legacy'))
    assert.equal(
      rules.map((rule) => [rule.text, rule.packets, rule.target]),
      [
        ['iptables-legacy -t nat -P INPUT DROP', 2, 'DROP'],
        ['iptables-legacy -t nat -A X -j DROP', 5, 'DROP'],
      ],
    )
  })

  test('counters', () => {
    const files: Readonly<Record<string, string>> = {
      snmp: 'Ip: Forwarding InHdrErrors\nIp: 1 7\n',
      netstat: 'IpExt: InNoRoutes\nIpExt: 3\n',
      snmp6: 'Ip6InReceives                   \t5\n',
      nf_conntrack:
        'entries  insert_failed drop\n00000002 0000000a 00000001\n00000002 00000006 00000000\n',
    }
    assert.equal(
      readCounters((path) => files[path.slice(path.lastIndexOf('/') + 1)] ?? ''),
      {
        'Ip.Forwarding': 1,
        'Ip.InHdrErrors': 7,
        'IpExt.InNoRoutes': 3,
        Ip6InReceives: 5,
        'conntrack.insert_failed': 16,
        'conntrack.drop': 1,
      },
    )
  })

  test('targets: addresses, in URLs too', () => {
    const targets = (line: string) => targetsOf(line).join()
    assert.is(targets('ping -c 1 198.51.100.1'), '198.51.100.1')
    assert.is(targets('curl -s http://203.0.113.2:8080/a'), '203.0.113.2')
    assert.is(targets('curl http://[2001:db8::1]:80/ 10.0.0.1:99'), '2001:db8::1,10.0.0.1')
    assert.is(targets('ping localhost'), '')
  })

  test('a message of the trace: the rule, and the packet in front of it', () => {
    const message = readTraceMessage(Buffer.from(policyOfNat, 'hex'))
    assert.equal(
      [message?.family, message?.table, message?.chain, message?.type, message?.verdict],
      ['ip', 'nat', 'POSTROUTING', 'policy', 'accept'],
    )
    assert.is(readTraceMessage(Buffer.alloc(20)), undefined)
  })
})

// nft monitor trace: 'ip nat POSTROUTING policy accept'
const policyOfNat =
  '54000000110a000000000000000000000200000008000f0000000002080004000000000108000600a66e7bba10000200504f5354524f5554494e4700080001006e617400080010000000000108000e00000000d4'
