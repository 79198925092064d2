// Packets that arrive and are refused, ignored or not read; and commands whose packets begin elsewhere.
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { checkDrop } from '../../helpers/drop-case.ts'
import { droppedAt, journeyOf, mended, textOf } from '../../helpers/journey.ts'
import { sandboxSuite, sh } from '../../helpers/sandbox.ts'
import { addressV6, bothV6, cleanNetwork, network } from '../../helpers/segment.ts'
import { serve } from '../../helpers/talk.ts'

const helpers = join(import.meta.dirname, '../../helpers')
const six = bothV6

sandboxSuite('drops of sockets', (test, slow) => {
  test('a queue that no program serves', () =>
    checkDrop({
      breaks: 'ip netns exec ns2 iptables -A INPUT -p icmp -j NFQUEUE --queue-num 3',
      asks: 'ping -n -c1 -W0.6 172.18.0.3',
      reason: 'queue',
      node: 'ns2',
      why: /a rule hands it to the queue 3, and no program listens there/,
    }))

  test('pings that are ignored', () =>
    checkDrop({
      breaks: 'ip netns exec ns2 sysctl -qw net.ipv4.icmp_echo_ignore_all=1',
      asks: 'ping -n -c1 -W0.6 172.18.0.3',
      reason: 'echo-ignored',
      node: 'ns2',
      why: /ns2 is told to ignore all pings/,
    }))

  slow('pings that are ignored: IPv6', () =>
    checkDrop({
      breaks: `${six}; ip netns exec ns2 sysctl -qw net.ipv6.icmp.echo_ignore_all=1`,
      asks: 'ping -n -c1 -W0.6 fd00::3',
      reason: 'echo-ignored',
      node: 'ns2',
      why: /ns2 is told to ignore all pings/,
    }),
  )

  slow('pings to everybody, that all ignore', () =>
    checkDrop({
      breaks: ':',
      asks: 'ping -n -b -c1 -W0.6 172.18.0.255',
      reason: 'echo-ignored',
      node: 'host',
      why: /is told to ignore pings to a broadcast or multicast address/,
    }),
  )

  slow('IPv6 is switched off at the receiver', () =>
    checkDrop({
      breaks: `${six}; ip -n ns1 neigh replace fd00::3 lladdr $(ip netns exec ns2 cat /sys/class/net/eth0/address) dev eth0
        ip netns exec ns2 sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1`,
      asks: 'ping -n -c1 -W0.6 fd00::3',
      reason: 'ignored',
      node: 'ns2',
      why: /IPv6 is switched off on eth0/,
      byHand: addressV6('ns2', 'eth0', 3),
    }),
  )

  slow('IPv6 is switched off at the sender', () =>
    checkDrop({
      breaks: `ip netns exec ns1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1`,
      asks: 'ping -n -c1 -W0.6 fd00::3',
      reason: 'no-route',
      node: 'ns1',
      why: /nothing was sent: IPv6 is switched off on ns1/,
      byHand: six,
    }),
  )

  slow('an address that somebody else has already', () =>
    checkDrop({
      breaks: `ip -n ns2 address add fd00::2/64 dev eth0 nodad; ip -n ns1 address add fd00::2/64 dev eth0; sleep 2`,
      asks: 'ping -n -c1 -W0.6 -I fd00::2 fd00::3',
      reason: 'address-missing',
      node: 'ns1',
      why: /fd00::2 may not be used \(dadfailed\): somebody else has it, too/,
      byHand: `ip -n ns2 address delete fd00::2/64 dev eth0; ip -n ns1 address delete fd00::2/64 dev eth0; ${six}`,
    }),
  )

  slow('a checksum that is wrong', async () => {
    network()
    await using server = await serve('/run/netns/ns2', 'ns2', 7000, { udp: true })
    assert.ok(server.process.pid)
    // A raw socket leaves the checksum to the program.
    const send = (checksum: number) =>
      journeyOf(
        'ns1',
        'perl',
        '-e',
        `socket S, 2, 3, 17; send S, pack("n4 a5", 7777, 7000, 13, ${checksum}, "hello"), 0, pack "S n C4 x8", 2, 0, 172, 18, 0, 3; sleep 1`,
      )
    const drop = droppedAt(await send(4660), 'checksum', 'ns2')
    assert.match(drop.evidence, /Udp.InCsumErrors grew by 1/)
    assert.is((await send(0)).journey.outcome, 'answered')
  })

  slow('a server that accepts no more', async () => {
    network()
    const line = `socket S,2,1,0; bind S, pack "S n C4 x8", 2, 7001, 0, 0, 0, 0; listen S, 0; print "ready\\n"; sleep 30`
    sh(`ip netns exec ns2 perl -e '$|=1; ${line}' >/run/listener 2>&1 & until grep -q ready /run/listener; do sleep 0.02; done
      for n in 1 2 3; do ip netns exec ns1 timeout 8 bash -c 'exec 3<>/dev/tcp/172.18.0.3/7001; sleep 8' >/dev/null 2>&1 & done; sleep 0.5`)
    const followed = await journeyOf('ns1', 'curl', '-s', '-m1', 'http://172.18.0.3:7001/')
    const drop = droppedAt(followed, 'backlog', 'ns2')
    assert.match(drop.why.text, /the queue of the program that listens on TCP port 7001 is full/)
    assert.match(drop.evidence, /ListenOverflows grew by \d+; ss -ln: .*:7001, \d+ waiting/)
  })

  slow('a server that says nothing', async () => {
    network()
    await using server = await serve('/run/netns/ns2', 'ns2', 7002, { udp: true })
    server.process.kill('SIGSTOP')
    const ask = () =>
      journeyOf('ns1', 'perl', join(helpers, 'talk.pl'), 'ask', 'udp', '172.18.0.3', '7002')
    const drop = droppedAt(await ask(), 'no-answer', 'ns2')
    assert.match(drop.why.text, /the program that listens on UDP port 7002 of ns2 did not answer/)
    server.process.kill('SIGCONT')
    assert.is((await ask()).journey.outcome, 'answered')
  })

  slow('a translation on another hook than the packet passes', async () => {
    network()
    sh('iptables -t nat -A PREROUTING -p tcp --dport 8088 -j DNAT --to-destination 172.18.0.2:80')
    const followed = await journeyOf('host', 'curl', '-s', '-m1', 'http://172.18.0.1:8088/')
    const drop = droppedAt(followed, 'refused', 'host')
    assert.match(
      drop.why.text,
      /a rule would send it on, but stands on PREROUTING, where this packet does not pass/,
    )
    assert.match(drop.evidence, /^iptables -t nat -A PREROUTING -p tcp .*--dport 8088 -j DNAT/)
  })

  slow('all ports to send from are taken', async () => {
    network()
    sh('ip netns exec ns1 sysctl -qw net.ipv4.ip_local_port_range="40000 40001"')
    await using one = await serve('/run/netns/ns2', 'ns2', 7003)
    assert.ok(one.process.pid)
    sh(
      `for n in 1 2; do ip netns exec ns1 timeout 8 bash -c 'exec 3<>/dev/tcp/172.18.0.3/7003; sleep 8' >/dev/null 2>&1 & done; sleep 0.4`,
    )
    const ask = () => journeyOf('ns1', 'curl', '-sS', '--http0.9', '-m1', 'http://172.18.0.3:7003/')
    const drop = droppedAt(await ask(), 'ports-exhausted', 'ns1')
    assert.match(drop.why.text, /all ports that programs may send from are taken: 40000 to 40001/)
    await mended(drop, ask)
  })

  test('commands that enter a namespace: ip netns exec, nsenter', async () => {
    network()
    for (const line of [
      'ip netns exec ns1 ping -nc1 -W1 172.18.0.3',
      'nsenter --net=/run/netns/ns1 ping -nc1 -W1 172.18.0.3',
    ]) {
      const followed = await journeyOf('host', ...line.split(' '))
      assert.is(followed.journey.outcome, 'answered', textOf(followed))
      assert.is(followed.journey.from, 'ns1')
      assert.is(followed.journey.conversations[0]?.request.hops[0]?.node, 'ns1', textOf(followed))
    }
  })

  test('arping: the question is the conversation', async () => {
    network()
    const ask = () =>
      journeyOf('ns1', 'perl', join(helpers, 'arping.pl'), 'eth0', '172.18.0.2', '172.18.0.3')
    const followed = await ask()
    assert.is(followed.journey.outcome, 'answered', textOf(followed))
    assert.is(followed.journey.conversations[0]?.request.what, 'ARP question')
    sh('bridge link set dev veth2 bcast_flood off')
    await mended(droppedAt(await ask(), 'bridge', 'host'), ask)
  })

  test('a container in a namespace without a name', async () => {
    network()
    sh(`unshare --net sleep 20 >/dev/null 2>&1 & pid=$!; echo $pid >/run/nameless
      until [ $(readlink /proc/$pid/ns/net) != $(readlink /proc/self/ns/net) ]; do sleep 0.02; done
      ip link add veth9 master br0 up type veth peer name eth0 netns $pid
      nsenter --net=/proc/$pid/ns/net sh -c 'ip address add 172.18.0.9/24 dev eth0; ip link set lo up; ip link set eth0 up'`)
    const pid = sh('cat /run/nameless').trim()
    const followed = await journeyOf('ns1', 'ping', '-nc1', '-W1', '172.18.0.9')
    assert.is(followed.journey.outcome, 'answered', textOf(followed))
    assert.ok(followed.journey.conversations[0]?.answer, textOf(followed))
    const inside = await journeyOf(
      'host',
      'nsenter',
      '-t',
      pid,
      '-n',
      'ping',
      '-nc1',
      '-W1',
      '172.18.0.3',
    )
    assert.is(inside.journey.outcome, 'answered', textOf(inside))
    assert.is(inside.journey.conversations[0]?.request.hops[0]?.node, inside.journey.from)
    sh(`nsenter -t ${pid} -n sysctl -qw net.ipv4.icmp_echo_ignore_all=1`)
    droppedAt(
      await journeyOf('ns1', 'ping', '-nc1', '-W0.5', '172.18.0.9'),
      'echo-ignored',
      inside.journey.from,
    )
    sh(`kill ${pid}`)
  })

  cleanNetwork()
})
