// Records the evidence that tell.test.ts reads: `node test/observe/journey/record.process.ts` writes it anew.
import { journeyOf } from '../../helpers/journey.ts'
import { record } from '../../helpers/recorded.ts'
import { sandboxSuite, sh } from '../../helpers/sandbox.ts'

sandboxSuite('record', (test) => {
  test('a ping through a masquerading host', async () => {
    sh(`ip netns add ns1
      ip link add br0 type bridge
      ip link add veth0 master br0 up type veth peer name veth1 netns ns1
      ip address add 172.18.0.1/24 dev br0; ip link set br0 up
      ip -n ns1 address add 172.18.0.2/24 dev veth1; ip -n ns1 link set veth1 up
      ip -n ns1 route add default via 172.18.0.1
      sysctl -qw net.ipv4.conf.all.forwarding=1
      iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE`)
    record('masquerade', await journeyOf('ns1', 'ping', '-nc1', '-W1', '198.51.100.1'))
  })
})
