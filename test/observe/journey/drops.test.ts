// Each way in which a packet can end, made with the kernel's own means: the journey says where it was, and why.
import { existsSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { journeyOf, droppedAt, textOf } from '../../helpers/journey.ts'
import { cleanHost, sandboxSuite, sh, succeeds } from '../../helpers/sandbox.ts'
import { serve } from '../../helpers/talk.ts'

const far = '198.51.100.1'

/** ns1 (172.18.0.2) behind br0 of a host that forwards and masquerades, whatever the test before has left. */
function network(): void {
  cleanHost()
  sh(`for link in br0 veth0 veth2; do ip link delete $link 2>/dev/null; done
    for table in main cache; do ip route flush table $table; done
    ip link set eth0 mtu 1500
    ip route add 203.0.113.0/24 dev eth0 src 203.0.113.2
    ip route add default via 203.0.113.1
    ip netns add ns1
    ip link add br0 type bridge
    ip link add veth0 master br0 up type veth peer name veth1 netns ns1
    ip address add 172.18.0.1/24 dev br0
    ip link set br0 up
    ip -n ns1 address add 172.18.0.2/24 dev veth1
    ip -n ns1 link set lo up
    ip -n ns1 link set veth1 up
    ip -n ns1 route add default via 172.18.0.1
    sysctl -qw net.ipv4.conf.all.forwarding=1
    iptables -P FORWARD ACCEPT
    iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE`)
}

/** ns1 needs not ask for its hardware address. */
function knowTheHost(): void {
  const mac = sh('cat /sys/class/net/br0/address').trim()
  sh(`ip -n ns1 neigh replace 172.18.0.1 lladdr ${mac} dev veth1`)
}

const ping = (from: string, to: string, ...more: string[]) =>
  journeyOf(from, 'ping', '-n', '-c1', '-W0.3', ...more, to)

sandboxSuite('drops', (test, slow) => {
  test('no route: the sender itself has none', async () => {
    network()
    sh('ip -n ns1 route delete default')
    const followed = await ping('ns1', far)
    const drop = droppedAt(followed, 'no-route', 'ns1')
    assert.is(followed.journey.outcome, 'not-sent')
    assert.match(drop.evidence, /ip route get 198.51.100.1: Network is unreachable/)
  })

  slow('no route: on the way', async () => {
    network()
    sh('ip route delete default')
    const drop = droppedAt(await ping('ns1', far), 'no-route', 'host')
    assert.match(
      drop.evidence,
      /ip route get 198.51.100.1 from 172.18.0.2 iif br0 ipproto icmp: Network is unr/,
    )
  })

  slow('no route: for the answer', async () => {
    network()
    sh('iptables -t nat -F')
    const followed = await ping('ns1', far)
    const drop = droppedAt(followed, 'no-route', 'outside')
    assert.match(drop.why.text, /no answer can leave outside: no route leads to 172.18.0.2/)
  })

  slow('a route that is a black hole, or a prohibition', async () => {
    network()
    sh('ip route add blackhole 198.51.100.1')
    droppedAt(await ping('ns1', far), 'blackhole', 'host')
    sh('ip route replace prohibit 198.51.100.1')
    droppedAt(await ping('ns1', far), 'prohibited', 'host')
  })

  test('forwarding is off', async () => {
    network()
    sh('sysctl -qw net.ipv4.conf.all.forwarding=0')
    const drop = droppedAt(await ping('ns1', far), 'forwarding-off', 'host')
    assert.is(drop.evidence, 'sysctl net.ipv4.conf.br0.forwarding = 0')
  })

  slow('the reverse-path filter', async () => {
    network()
    // To 172.18.0.2 by another way than it comes from.
    sh('sysctl -qw net.ipv4.conf.br0.rp_filter=1; ip route add 172.18.0.2/32 via 203.0.113.1')
    // The filter is asked for ARP, too: a host that would not believe the packet does not answer the question either.
    const deaf = droppedAt(await ping('ns1', far), 'reverse-path-filter', 'host')
    assert.match(deaf.why.text, /host has 172.18.0.1 and hears the question .*rp_filter/)
    knowTheHost()
    const drop = droppedAt(await ping('ns1', far), 'reverse-path-filter', 'host')
    assert.match(
      drop.evidence,
      /net.ipv4.conf.br0.rp_filter = 1; TcpExt IPReversePathFilter grew by \d+; ip route get 172.18.0.2: unicast via 203.0.113.1 dev eth0/,
    )
  })

  slow('an address that can only be a lie', async () => {
    network()
    sh('ip -n ns1 address add 203.0.113.2/32 dev lo')
    knowTheHost()
    droppedAt(await ping('ns1', far, '-I', '203.0.113.2'), 'martian', 'host')
  })

  test('no neighbour answers', async () => {
    network()
    const drop = droppedAt(await ping('ns1', '172.18.0.9'), 'no-neighbour', 'ns1')
    assert.match(drop.evidence, /ARP for 172.18.0.9 on veth1, unanswered/)
  })

  slow('a cable without another end', async () => {
    network()
    sh('ip link set veth0 down')
    const drop = droppedAt(await ping('ns1', '172.18.0.1'), 'link-down', 'host')
    assert.match(drop.why.text, /veth1 has no carrier: its other end, host:veth0, is down/)
  })

  test('dropped by a rule of iptables, of a chain that is jumped to, and by a policy', async () => {
    network()
    sh('iptables -A FORWARD -p tcp -j ACCEPT; iptables -A FORWARD -d 198.51.100.1 -j DROP')
    const drop = droppedAt(await ping('ns1', far), 'dropped-by-rule', 'host')
    assert.is(drop.where, 'FORWARD')
    assert.match(drop.evidence, /^iptables -A FORWARD -d 198.51.100.1\/32 -j DROP \(handle \d+\)/)
    sh('iptables -F FORWARD; iptables -N GUARD; iptables -A FORWARD -j GUARD')
    sh('iptables -A GUARD -p icmp -j DROP')
    const jumped = await ping('ns1', far)
    assert.match(
      droppedAt(jumped, 'dropped-by-rule', 'host').evidence,
      /^iptables -A GUARD -p icmp -j DROP \(handle \d+\)/,
    )
    assert.match(textOf(jumped), /iptables -A FORWARD -j GUARD/)
    sh('iptables -F; iptables -X GUARD; iptables -P FORWARD DROP')
    droppedAt(await ping('ns1', far), 'dropped-by-policy', 'host')
  })

  slow(
    'the older iptables, which tells no trace: what translates and what drops is named',
    async () => {
      network()
      // In a user namespace nobody is told which tables it has.
      if (!succeeds('cat /proc/net/ip_tables_names')) return
      sh(
        'iptables -t nat -F; iptables-legacy -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE',
      )
      const translated = textOf(await ping('ns1', far))
      assert.match(translated, /POSTROUTING +iptables-legacy -t nat -A POSTROUTING/)
      assert.match(translated, /PREROUTING +destination 203.0.113.2 → 172.18.0.2 \(translated back/)
      sh('iptables-legacy -A FORWARD -d 198.51.100.1 -j DROP')
      const drop = droppedAt(await ping('ns1', far), 'dropped-by-rule', 'host')
      assert.match(drop.evidence, /^iptables-legacy -A FORWARD -d 198.51.100.1/)
      sh('iptables-legacy -F; iptables-legacy -t nat -F')
    },
  )

  slow('dropped by a rule of nft, on the way in and on the way out', async () => {
    network()
    sh(
      `nft -f -`,
      `table inet guard {
      chain in { type filter hook input priority 0; icmp type echo-request counter drop; }
      chain out { type filter hook output priority 0; ip daddr 203.0.113.1 drop; }
    }`,
    )
    const drop = droppedAt(await ping('ns1', '172.18.0.1'), 'dropped-by-rule', 'host')
    assert.is(drop.where, 'INPUT')
    assert.is(drop.evidence, 'icmp type echo-request drop (handle 3)')
    assert.is(
      droppedAt(await ping('host', '203.0.113.1'), 'dropped-by-rule', 'host').where,
      'OUTPUT',
    )
  })

  slow('rejected by a rule, which says so', async () => {
    network()
    sh('iptables -A FORWARD -p icmp -j REJECT --reject-with icmp-admin-prohibited')
    const followed = await ping('ns1', far)
    droppedAt(followed, 'rejected-by-rule', 'host')
    assert.match(followed.journey.conversations[0]?.answer?.what ?? '', /filtered by an administr/)
  })

  slow('DNAT to nowhere', async () => {
    network()
    sh('iptables -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 172.18.0.77:80')
    const followed = await journeyOf(
      'outside',
      'curl',
      '-s',
      '--max-time',
      '1',
      'http://203.0.113.2/',
    )
    const drop = droppedAt(followed, 'dnat-to-nowhere', 'host')
    assert.match(
      drop.why.text,
      /the destination 172.18.0.77:80, and there is nothing: nobody answers/,
    )
    assert.match(
      drop.evidence,
      /^iptables -t nat -A PREROUTING .* --to-destination 172.18.0.77:80;/,
    )
  })

  test('refused by the socket: TCP and UDP', async () => {
    network()
    const tcp = await journeyOf(
      'outside',
      'curl',
      '-s',
      '--max-time',
      '1',
      'http://203.0.113.2:81/',
    )
    assert.match(droppedAt(tcp, 'refused', 'host').why.text, /nothing listens on TCP port 81/)
    assert.is(tcp.journey.outcome, 'refused')
    const line = 'echo hello >/dev/udp/203.0.113.2/82'
    const udp = await journeyOf('outside', 'bash', '-c', line)
    assert.match(droppedAt(udp, 'refused', 'host').why.text, /nothing listens on UDP port 82/)
    assert.is(udp.journey.conversations[0]?.answer?.what, 'ICMP port unreachable')
  })

  slow('refused behind a DNAT: the port that counts is that of the container', async () => {
    network()
    sh('iptables -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 172.18.0.2:8080')
    const followed = await journeyOf(
      'outside',
      'curl',
      '-s',
      '--max-time',
      '1',
      'http://203.0.113.2/',
    )
    assert.match(droppedAt(followed, 'refused', 'ns1').why.text, /nothing listens on TCP port 8080/)
  })

  slow('MTU: on the way, and at the sender', async () => {
    network()
    sh('ip link set eth0 mtu 1400')
    const followed = await ping('ns1', far, '-Mdo', '-s1440')
    const drop = droppedAt(followed, 'mtu', 'host')
    assert.match(drop.why.text, /it has 1468 bytes, eth0 takes 1400 at most/)
    assert.match(followed.journey.conversations[0]?.answer?.what ?? '', /fragmentation needed/)
    sh('ip link set eth0 mtu 1500; ip -n ns1 link set veth1 mtu 1000; ip -n ns1 route flush cache')
    const own = await ping('ns1', '172.18.0.1', '-Mdo', '-s1440')
    droppedAt(own, 'mtu', 'ns1')
    assert.is(own.journey.outcome, 'not-sent')
  })

  slow('MTU: a black hole, where the message about it is dropped', async () => {
    network()
    sh(`ip link set eth0 mtu 1400; iptables -A OUTPUT -p icmp -j DROP
      iptables -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80`)
    await using server = await serve('/run/netns/ns1', 'x'.repeat(9000), 80)
    assert.ok(server.process.pid)
    const fetch = () =>
      journeyOf('outside', 'curl', '-s', '--http0.9', '-o/dev/null', '-m1.5', 'http://203.0.113.2/')
    const followed = await fetch()
    const drop = droppedAt(followed, 'mtu', 'host')
    assert.match(drop.evidence, /mtu 1400 of eth0/)
    const [conversation] = followed.journey.conversations
    assert.is(conversation?.request.drop, null, 'the connection itself was made')
    assert.match(conversation?.answer?.what ?? '', /^TCP \[/)
    // With the message, the server learns what fits: the packet that was dropped does not drop the conversation.
    sh('iptables -F OUTPUT')
    const well = await fetch()
    assert.is(well.journey.outcome, 'answered', textOf(well))
  })

  slow('a bridged frame that the host hands to iptables (bridge-nf-call-iptables)', async () => {
    network()
    sh(`ip netns add ns2; ip link add veth2 master br0 up type veth peer name eth0 netns ns2
      ip -n ns2 address add 172.18.0.3/24 dev eth0; ip -n ns2 link set eth0 up
      iptables -A FORWARD -d 172.18.0.3 -j DROP`)
    const path = '/proc/sys/net/bridge/bridge-nf-call-iptables'
    if (!existsSync(path)) return
    sh(`echo 1 >${path}`)
    const followed = await ping('ns1', '172.18.0.3')
    sh(`echo 0 >${path}`)
    const drop = droppedAt(followed, 'dropped-by-rule', 'host')
    assert.match(drop.evidence, /^iptables -A FORWARD -d 172.18.0.3\/32 -j DROP \(handle \d+\)/)
    assert.is((await ping('ns1', '172.18.0.3')).journey.outcome, 'answered')
  })

  slow('its time to live is used up', async () => {
    network()
    const followed = await ping('ns1', far, '-t1')
    droppedAt(followed, 'ttl', 'host')
    assert.is(followed.journey.conversations[0]?.answer?.what, 'ICMP time exceeded')
  })

  slow('an address that the sender does not have', async () => {
    network()
    droppedAt(await ping('ns1', far, '-I', '192.0.2.7'), 'address-missing', 'ns1')
  })

  slow('a bridge that is down, and a port that passes nothing on', async () => {
    network()
    sh(
      'ip link set br0 down; ip -n ns1 neigh replace 172.18.0.1 lladdr 02:00:00:00:00:01 dev veth1',
    )
    assert.match(
      droppedAt(await ping('ns1', '172.18.0.1'), 'bridge', 'host').why.text,
      /br0 is down/,
    )
    sh('ip link set br0 up; bridge link set dev veth0 state 0')
    const drop = droppedAt(await ping('ns1', '172.18.0.1'), 'bridge', 'host')
    assert.match(drop.why.text, /the port veth0 of br0 is disabled/)
  })

  slow('a hardware address that is nobody', async () => {
    network()
    sh(`ip netns add ns2; ip link add veth2 master br0 up type veth peer name eth0 netns ns2
      ip -n ns2 link set eth0 up
      ip -n ns1 neigh replace 172.18.0.3 lladdr 02:00:00:00:00:03 dev veth1`)
    const drop = droppedAt(await ping('ns1', '172.18.0.3'), 'wrong-mac', 'ns1')
    assert.match(
      drop.why.text,
      /neighbour entry of ns1 for 172.18.0.3 says 02:00:00:00:00:03, and no node/,
    )
  })

  slow('a ping that is ignored, and a socket that says nothing', async () => {
    network()
    sh('ip netns exec outside sysctl -qw net.ipv4.icmp_echo_ignore_all=1')
    droppedAt(await ping('ns1', far), 'echo-ignored', 'outside')
    sh('ip netns exec outside sysctl -qw net.ipv4.icmp_echo_ignore_all=0')
    await using server = await serve('/run/netns/outside', 'mute', 83, { udp: true })
    server.process.kill('SIGSTOP')
    const followed = await journeyOf('ns1', 'bash', '-c', `echo hello >/dev/udp/${far}/83`)
    droppedAt(followed, 'no-answer', 'outside')
    assert.is(followed.journey.outcome, 'unanswered')
  })

  slow(
    "an answer that went past the one who would have turned it back is a stranger's",
    async () => {
      network()
      sh(`ip netns add ns2; ip link add veth2 master br0 up type veth peer name eth0 netns ns2
      ip -n ns2 address add 172.18.0.3/24 dev eth0; ip -n ns2 link set eth0 up
      ip -n ns2 route add default via 172.18.0.1
      iptables -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80`)
      await using server = await serve('/run/netns/ns1', 'ns1', 80)
      assert.ok(server.process.pid)
      const followed = await journeyOf(
        'ns2',
        'curl',
        '-s',
        '--max-time',
        '0.5',
        'http://203.0.113.2/',
      )
      const drop = droppedAt(followed, 'other-address', 'ns2')
      assert.match(
        drop.why.text,
        /the program asked 203.0.113.2, and 172.18.0.2 answers: the answer bypassed/,
      )
    },
  )
})
