// What the tools and the kernel print, read: each from a real output.
import * as assert from 'uvu/assert'
import { readConnections } from '../../../lib/observe/journey/connections.ts'
import { readCounters } from '../../../lib/observe/journey/counters.ts'
import { readLegacy, readRules } from '../../../lib/observe/journey/rules.ts'
import { targetsOf } from '../../../lib/observe/journey/command-line.ts'
import { readTraceMessage } from '../../../lib/observe/journey/trace-message.ts'
import { suite } from '../../helpers/suite.ts'

suite('readings', (test) => {
  test('connections: the two directions, ports, and the id of an echo', () => {
    const [tcp, icmp, other] = readConnections(
      `ipv4     2 tcp      6 119 TIME_WAIT src=172.18.0.2 dst=198.51.100.1 sport=55928 dport=80 src=198.51.100.1 dst=203.0.113.2 sport=80 dport=55928 [ASSURED] mark=0 use=1
ipv4     2 icmp     1 29 src=172.18.0.2 dst=198.51.100.1 type=8 code=0 id=29 src=198.51.100.1 dst=203.0.113.2 type=0 code=0 id=29 mark=0 use=1
conntrack v1.4.7 (conntrack-tools): 2 flow entries have been shown.`,
    )
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
    const nft = `table ip filter { # handle 1
	chain FORWARD { # handle 2
		type filter hook forward priority filter; policy drop;
		meta l4proto icmp counter packets 3 bytes 252 drop # handle 7
		counter packets 0 bytes 0 jump GUARD # handle 9
	}
}
table inet guard { # handle 3
	set bad { # handle 1
		type ipv4_addr
	}
	chain in { # handle 2
		type filter hook input priority filter; policy accept;
		ip saddr @bad drop # handle 4
	}
}`
    const saved = `*filter
:FORWARD DROP [0:0]
-A FORWARD -p icmp -j DROP
-A FORWARD -j GUARD
COMMIT`
    const texts = (iptables: string) =>
      readRules(nft, iptables, '').map(({ handle, text }) => `${handle} ${text}`)
    assert.equal(texts(saved), [
      '7 iptables -A FORWARD -p icmp -j DROP',
      '9 iptables -A FORWARD -j GUARD',
      '4 ip saddr @bad drop',
    ])
    assert.equal(texts(saved.replace('-A FORWARD -j GUARD\n', '')), [
      '7 meta l4proto icmp drop',
      '9 jump GUARD',
      '4 ip saddr @bad drop',
    ])
  })

  test('rules of the older iptables, with their counters', () => {
    assert.equal(
      readLegacy(
        '*nat\n:INPUT DROP [2:9]\n:X - [0:0]\n[5:300] -A X -j DROP\nCOMMIT',
        'iptables-legacy',
      ).map(({ text, packets, target }) => [text, packets, target]),
      [
        ['iptables-legacy -t nat -P INPUT DROP', 2, 'DROP'],
        ['iptables-legacy -t nat -A X -j DROP', 5, 'DROP'],
      ],
    )
  })

  test('counters', () => {
    const counters = readCounters(
      'Ip: Forwarding InHdrErrors\nIp: 1 7\nIpExt: InNoRoutes\nIpExt: 3',
    )
    assert.equal(counters, { 'Ip.Forwarding': 1, 'Ip.InHdrErrors': 7, 'IpExt.InNoRoutes': 3 })
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
