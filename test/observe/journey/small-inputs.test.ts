// Small networks with one fault each, whose verdicts were once wrong: each is built on the kernel, judged, mended as advised, and asked again.
import { existsSync, writeFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { droppedAt, journeyOf, mended, textOf } from '../../helpers/journey.ts'
import { sandboxSuite, sh, succeeds } from '../../helpers/sandbox.ts'
import { bothV6, cleanNetwork, network } from '../../helpers/segment.ts'
import { serve } from '../../helpers/talk.ts'

const ping = (from: string, to: string, ...more: string[]) =>
  journeyOf(from, 'ping', '-n', '-c1', '-W0.4', ...more, to)

const answered = (followed: Awaited<ReturnType<typeof ping>>) =>
  assert.is(followed.journey.outcome, 'answered', textOf(followed))

sandboxSuite('small inputs', (test) => {
  test('a bridge that is down', async () => {
    network()
    sh('ip link set br0 down; ip -n ns1 neighbour flush dev eth0')
    const drop = droppedAt(await ping('ns1', '172.18.0.1'), 'bridge', 'host')
    assert.match(drop.why.text, /the question who has 172.18.0.1 was lost: the bridge br0 is down/)
    await mended(drop, () => ping('ns1', '172.18.0.1'))
  })

  test('bridged frames that pass iptables, whose policy is to drop', async () => {
    network()
    if (!existsSync('/proc/sys/net/bridge/bridge-nf-call-iptables')) return
    sh('ip netns exec ns1 ping -qc1 172.18.0.3')
    writeFileSync('/proc/sys/net/bridge/bridge-nf-call-iptables', '1')
    sh('iptables -P FORWARD DROP')
    const followed = await ping('ns1', '172.18.0.3')
    const drop = droppedAt(followed, 'dropped-by-policy', 'host')
    assert.match(
      drop.why.text,
      /the frame is bridged, not routed, and br0 hands bridged frames to iptables/,
    )
    assert.match(drop.evidence, /policy drop; sysctl net.bridge.bridge-nf-call-iptables = 1/)
    assert.not.match(textOf(followed), /hands it to the host|so it forwards/)
    await mended(drop, () => ping('ns1', '172.18.0.3'), ['dropped-by-policy'])
  })

  test('the same for IPv6: the question for the neighbour is dropped', async () => {
    network()
    if (!existsSync('/proc/sys/net/bridge/bridge-nf-call-ip6tables')) return
    sh(bothV6)
    sh('ip6tables -P FORWARD DROP')
    writeFileSync('/proc/sys/net/bridge/bridge-nf-call-ip6tables', '1')
    const drop = droppedAt(await ping('ns1', 'fd00::3'), 'dropped-by-policy', 'host')
    assert.match(
      drop.why.text,
      /the question who has fd00::3 was lost: .*bridge hands|the question who has fd00::3 was lost: the frame is bridged/,
    )
    await mended(drop, () => ping('ns1', 'fd00::3'))
  })

  test('the other end of the veth takes less', async () => {
    network()
    sh('ip link set veth1 mtu 1400')
    const asked = () => ping('ns1', '172.18.0.3', '-s', '1472')
    const drop = droppedAt(await asked(), 'mtu', 'host')
    assert.match(
      drop.why.text,
      /it has 1500 bytes, and the other end of eth0, host:veth1, takes 1400 at most/,
    )
    await mended(drop, asked)
  })

  test('a VXLAN tunnel that works: one story, and answered', async () => {
    network()
    sh(`ip link add vx0 type vxlan id 42 remote 203.0.113.1 local 203.0.113.2 dstport 4789
      ip address add 10.9.0.1/24 dev vx0; ip link set vx0 up
      ip -n outside link add vx0 type vxlan id 42 remote 203.0.113.2 local 203.0.113.1 dstport 4789
      ip -n outside address add 10.9.0.2/24 dev vx0; ip -n outside link set vx0 up`)
    const followed = await ping('host', '10.9.0.2')
    answered(followed)
    assert.is(followed.journey.conversations.length, 1, textOf(followed))
    assert.match(textOf(followed), /it goes into the tunnel, VNI 42/)
    assert.match(textOf(followed), /it comes out of the tunnel, VNI 42/)
  })

  test('a broadcast is answered by others than its address', async () => {
    network()
    sh('ip netns exec ns2 sysctl -qw net.ipv4.icmp_echo_ignore_broadcasts=0')
    const followed = await ping('ns1', '172.18.0.255', '-b')
    answered(followed)
    assert.is(followed.journey.conversations[0]?.answer?.packet.source, '172.18.0.3')
  })

  test('a datagram is answered from another address than was asked', async () => {
    network()
    await using server = await serve(undefined, 'host', 5353, { udp: true })
    assert.ok(server.process.pid)
    const line = 'exec 3<>/dev/udp/203.0.113.2/5353; echo hello >&3; read -t 0.5 -u 3'
    const followed = await journeyOf('ns1', 'bash', '-c', line)
    const drop = droppedAt(followed, 'other-address', 'host')
    assert.match(drop.why.text, /asked 203.0.113.2, and host answered from 172.18.0.1/)
    assert.match(drop.evidence, /answered 172.18.0.1:5353 → 172.18.0.2/)
  })

  test('a mark, a rule by it, and a second table', async () => {
    network()
    sh(`ip netns add r2; ip link add up0 type veth peer name eth0 netns r2
      ip address add 10.2.0.1/24 dev up0; ip link set up0 up
      ip -n r2 address add 10.2.0.2/24 dev eth0; ip -n r2 link set eth0 up; ip -n r2 link set lo up
      ip -n r2 address add 198.51.100.7/32 dev lo; ip -n r2 route add default via 10.2.0.1
      iptables -t mangle -A PREROUTING -s 172.18.0.2 -j MARK --set-mark 7
      ip rule add fwmark 7 lookup 100; ip route add default via 10.2.0.2 table 100`)
    const followed = await ping('ns1', '198.51.100.7')
    answered(followed)
    const route = followed.journey.conversations[0]?.request.hops.find(
      (hop) => hop.kind === 'route' && hop.node === 'host',
    )
    assert.ok(route?.kind === 'route')
    assert.equal([route.via, route.interface, route.table], ['10.2.0.2', 'up0', '100'])
    assert.match(route.policies.join(), /fwmark 0x7 lookup 100/)
    sh('ip rule del fwmark 7')
  })

  test('the policy of iptables-legacy, not an unrelated rule', async () => {
    network()
    if (!succeeds('iptables-legacy -nL && cat /proc/net/ip_tables_names')) return
    sh(
      'iptables-legacy -A INPUT -p tcp --dport 9 -j DROP; iptables-legacy -A INPUT -i lo -j DROP; iptables-legacy -P FORWARD DROP',
    )
    const drop = droppedAt(await ping('ns1', '203.0.113.1'), 'dropped-by-policy', 'host')
    assert.is(drop.where, 'FORWARD')
    assert.match(drop.evidence, /^iptables-legacy -P FORWARD DROP/)
    sh('iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE')
    await mended(drop, () => ping('ns1', '203.0.113.1'))
  })

  test('a server that listens on 127.0.0.1 only', async () => {
    network()
    await using server = await serve(undefined, 'host', 8080, { address: '127.0.0.1' })
    assert.ok(server.process.pid)
    const followed = await journeyOf('outside', 'curl', '-s', '-m1', 'http://203.0.113.2:8080/')
    const drop = droppedAt(followed, 'refused', 'host')
    assert.match(drop.why.text, /where a program listens on TCP port 8080 of 127.0.0.1 only/)
    assert.match(drop.evidence, /ss -ln: 127.0.0.1:8080/)
  })

  test('what is not tracked is not translated back', async () => {
    network()
    sh(`iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE
      iptables -t raw -A PREROUTING -i eth0 -p icmp -j NOTRACK`)
    const drop = droppedAt(await ping('ns1', '203.0.113.1'), 'not-tracked', 'host')
    assert.match(drop.why.text, /keeps the answer out of connection tracking/)
    assert.match(
      drop.evidence,
      /iptables -t raw -A PREROUTING -i eth0 -p icmp -j (NOTRACK|CT --notrack)/,
    )
    await mended(drop, () => ping('ns1', '203.0.113.1'))
  })

  test('flooded to three ports: the copy that counts is the one that arrives', async () => {
    network()
    sh(`ip netns add ns3; ip link add veth3 master br0 up type veth peer name eth0 netns ns3
      ip -n ns3 address add 172.18.0.4/24 dev eth0; ip -n ns3 link set eth0 up`)
    for (const learning of ['on', 'off']) {
      sh(`for port in veth1 veth2 veth3; do bridge link set dev $port learning ${learning}; done
        ip link set br0 type bridge ageing_time 0; for n in 1 2 3; do ip -n ns$n neighbour flush dev eth0; done`)
      const followed = await ping('ns1', '172.18.0.4')
      answered(followed)
      assert.is(followed.journey.conversations[0]?.drop, null, textOf(followed))
    }
  })

  test('a container asks its own published port, and the bridge may not send it back', async () => {
    network()
    if (!existsSync('/proc/sys/net/bridge/bridge-nf-call-iptables')) return
    writeFileSync('/proc/sys/net/bridge/bridge-nf-call-iptables', '1')
    sh(`iptables -t nat -A PREROUTING -p tcp --dport 80 -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.18.0.2:80
      iptables -t nat -A POSTROUTING -s 172.18.0.2/32 -d 172.18.0.2/32 -p tcp -j MASQUERADE`)
    await using server = await serve('/run/netns/ns1', 'ns1', 80)
    assert.ok(server.process.pid)
    const asked = () => journeyOf('ns1', 'curl', '-s', '--http0.9', '-m', '1', 'http://172.18.0.1/')
    const drop = droppedAt(await asked(), 'bridge', 'host')
    assert.match(drop.why.text, /the hairpin mode of veth1 is off/)
    await mended(drop, asked)
  })

  cleanNetwork()
})
