// Makes plausible repairs of a broken network at random from its own rules, routes, links and sysctls; the seed decides.
import { shuffled } from '../../lib/fix/choose.ts'
import type { NodeState } from '../../lib/kernel/state/state.ts'

/** @returns `count` repairs as commands for the host; some of them have two parts. */
export function randomRepairs(
  nodes: readonly NodeState[],
  seed: number,
  count: number,
): readonly string[] {
  const single = [
    ...new Set(nodes.filter(({ name }) => !/^(outside|switch)$/.test(name)).flatMap(edits)),
  ]
  const first = shuffled(single, seed, (text) => text)
  const second = shuffled(single, seed + 1, (text) => text)
  const pairs = first.map((one, index) => `${one}\n${second[index]}`)
  return [
    ...first.slice(0, Math.ceil(count * 0.7)),
    ...pairs.slice(pairs.length - Math.floor(count * 0.3)),
  ]
}

function edits(node: NodeState): readonly string[] {
  return [...rules(node), ...routes(node), ...links(node), ...sysctls(node), ...tunnels(node)]
}

/** Delete a rule, widen it, narrow it, turn its verdict, or put a blanket rule in front of it. */
function rules({ name, chains }: NodeState): readonly string[] {
  if (name !== 'host') return []
  const own = chains.flatMap(({ table, name: chain, rules: all }) =>
    all.flatMap(({ text }, index) => {
      const at = `iptables -t ${table}`
      const replaced = (other: string) =>
        other === text ? [] : [`${at} -R ${chain} ${index + 1} ${other}`]
      return [
        `${at} -D ${chain} ${text}`,
        ...replaced(text.replace(/ -o \S+/, '')),
        ...replaced(text.replace(/ -i \S+/, '')),
        ...replaced(text.replace(/ -m addrtype --dst-type LOCAL/, '')),
        ...replaced(text.replace(/-s \S+ /, '')),
        ...replaced(text.replace(/-o br\d/, '-o eth0')),
        ...replaced(text.replace(/(--dport \d+)/, '-i eth0 $1')),
        ...replaced(text.replace(/(-p \w+)/, '-d 203.0.113.2 $1')),
        ...replaced(text.replace(/(-p \w+)/, '! -s 172.16.0.0/12 $1')),
        ...replaced(text.replace(/172\.18\.0\.\d+:/, '172.18.0.2:')),
        ...replaced(text.replace(/172\.18\.0\.\d+:/, '172.18.0.3:')),
        ...replaced(text.replace(/-j (REJECT|DROP).*/, '-j ACCEPT')),
        ...replaced(text.replace(/-s (\S+)\.0\/24/, '-s $1.2/32')),
        ...replaced(text.replace(/-s \S+ /, '-s 172.16.0.0/12 ')),
        ...replaced(text.replace(/-o br\d/, '! -o br0')),
        ...replaced(text.replace(/(-s \S+)/, '$1 -p tcp')),
        ...replaced(text.replace(/(-s \S+)/, '$1 -p icmp')),
        ...replaced(text.replace(/(-p \w+)/, '-d 203.0.113.0/24 $1')),
        ...replaced(text.replace(/(-p \w+)/, '! -d 198.51.100.1 $1')),
        ...replaced(text.replace(/(-p \w+)/, '! -d 198.51.100.0/24 $1')),
        ...replaced(text.replace(/172\.18\.0\.\d+:/, '172.18.0.1:')),
      ]
    }),
  )
  return [
    ...own,
    'iptables -F',
    'iptables -F FORWARD',
    'iptables -P FORWARD ACCEPT',
    'iptables -t nat -F POSTROUTING',
    'iptables -I FORWARD -j ACCEPT',
    'iptables -I FORWARD -i br0 -j ACCEPT',
    'iptables -I FORWARD -o br0 -j ACCEPT',
    'iptables -A FORWARD -i br0 -o eth0 -j ACCEPT',
    'iptables -A FORWARD -s 172.18.0.0/24 -j ACCEPT',
    'iptables -t nat -A POSTROUTING -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -o br0 -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -s 172.16.0.0/12 -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o eth0 -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -j SNAT --to-source 203.0.113.2',
    'iptables -t nat -A POSTROUTING -p tcp --dport 80 -j MASQUERADE',
    'iptables -t nat -I PREROUTING -d 203.0.113.2 -p tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80',
    'iptables -t nat -I PREROUTING -p tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80',
    'iptables -t nat -I PREROUTING -s 172.16.0.0/12 -j RETURN',
    'iptables -t nat -I PREROUTING -i br0 -j RETURN',
    'iptables -t nat -A OUTPUT -p tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80',
    'iptables -t nat -I PREROUTING ! -d 203.0.113.2 -j ACCEPT',
    'iptables -A FORWARD -s 172.18.0.0/24 -o eth0 -j ACCEPT',
    'iptables -A FORWARD -o eth0 -j ACCEPT',
    'iptables -A FORWARD -i br0 -j ACCEPT',
    'iptables -I FORWARD -i br0 -o eth0 -j ACCEPT',
    'iptables -A FORWARD -i br0 -o eth0 -p icmp -j ACCEPT',
    'iptables -A FORWARD -p tcp --dport 80 -j ACCEPT',
    'iptables -A FORWARD -p icmp -j ACCEPT',
    'iptables -A FORWARD -j ACCEPT',
    'iptables -I FORWARD -m conntrack --ctstate NEW -j ACCEPT',
    'iptables -t nat -F',
    'iptables -t nat -F PREROUTING',
    'nft flush ruleset',
    'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 ! -o br0 -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o br0 -j MASQUERADE',
    'iptables -t nat -A POSTROUTING ! -s 203.0.113.0/24 -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -m conntrack --ctstate DNAT -j MASQUERADE',
    'iptables -t nat -A POSTROUTING -s 172.18.0.0/24 -o br0 -m conntrack --ctstate DNAT -j MASQUERADE',
    'iptables -t nat -I PREROUTING -d 198.51.100.0/24 -j RETURN',
    'iptables -t nat -I PREROUTING ! -i eth0 -j RETURN',
    'iptables -t nat -I PREROUTING -m addrtype ! --dst-type LOCAL -j RETURN',
    'iptables -t nat -A PREROUTING -p udp --dport 514 -j DNAT --to-destination 172.18.0.3:514',
    'iptables -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 172.18.0.3:8080',
    'iptables -t nat -I PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 172.18.0.3:8080',
    'nft "add table ip mine; add chain ip mine out { type nat hook postrouting priority 100; }; add rule ip mine out oifname eth0 masquerade"',
    'nft "add table ip mine; add chain ip mine out { type nat hook postrouting priority 100; }; add rule ip mine out masquerade"',
    'conntrack -D -p udp --orig-port-dst 514',
    'conntrack -D -p udp --reply-src 172.18.0.2',
    'conntrack -D -s 203.0.113.1',
    'conntrack -F',
    'conntrack -D -p udp',
    'ip neigh flush all',
  ]
}

/** Lead an entry to each machine, forget it, flood, create the device anew with another number, and open or close the firewall of a machine. */
function tunnels({ name, forwarding, links: devices }: NodeState): readonly string[] {
  const at = inside(name)
  const machines = ['203.0.113.2', '203.0.113.12', '203.0.113.13']
  const ends = devices.filter(({ vxlan }) => vxlan)
  return [
    ...forwarding.flatMap(({ mac, link, destination }) =>
      destination === undefined
        ? []
        : [
            ...machines.map(
              (to) => `${at}bridge fdb replace ${mac} dev ${link} dst ${to} self permanent`,
            ),
            `${at}bridge fdb delete ${mac} dev ${link} dst ${destination} self`,
          ],
    ),
    ...ends.flatMap(({ name: link }) =>
      machines.map(
        (to) => `${at}bridge fdb append 00:00:00:00:00:00 dev ${link} dst ${to} self permanent`,
      ),
    ),
    ...ends.flatMap(({ name: link, vxlan }) =>
      [24, 42].map(
        (id) =>
          `${at}ip link delete ${link}; ${at}ip link add ${link} master br0 up type vxlan id ${id} dstport 4789 local ${vxlan?.local} learning`,
      ),
    ),
    ...(ends.length === 0
      ? []
      : [
          `${at}iptables -I INPUT -p udp --dport 4789 -j ACCEPT`,
          `${at}iptables -I INPUT -p udp -j ACCEPT`,
          `${at}iptables -F INPUT`,
          `${at}iptables -P INPUT ACCEPT`,
        ]),
  ]
}

function routes({ name, routes: all, links: devices }: NodeState): readonly string[] {
  const at = inside(name)
  const shown = all.filter(({ family, table }) => family === 4 && table === 'main')
  const device = devices.find(({ name: link }) => link !== 'lo')?.name ?? 'eth0'
  return [
    ...shown.flatMap(({ to, link }) => [
      `${at}ip route del ${to}`,
      `${at}ip route replace ${to} dev ${link ?? device}`,
    ]),
    ...shown.flatMap(({ to, via }) =>
      via === undefined ? [] : [`${at}ip route replace ${to} via ${via.replace(/\d+$/, '1')}`],
    ),
    ...(name === 'host'
      ? [
          'ip route replace default via 203.0.113.1',
          'ip route replace default via 203.0.113.1 onlink dev eth0',
          'ip route add 0.0.0.0/1 via 203.0.113.1',
          'ip route add 128.0.0.0/1 via 203.0.113.1',
          'ip route add 0.0.0.0/1 via 203.0.113.1; ip route add 128.0.0.0/1 via 203.0.113.1',
          'ip route add 198.51.100.0/24 via 203.0.113.1',
          'ip route add 172.20.0.2 via 172.18.0.3',
          'ip route add 172.20.0.0/16 via 172.18.0.3',
          'ip route add 172.16.0.0/12 via 172.18.0.3',
          'ip route replace default via 172.18.0.3',
          'ip route add 172.19.0.3 via 172.18.0.3',
          'ip route replace 172.19.0.0/24 via 172.18.0.3',
          'ip route add 172.18.0.2 dev veth1; sysctl -qw net.ipv4.conf.br0.proxy_arp=1',
          'ip rule add pref 100 to 198.51.100.0/24 lookup 100; ip route add default via 203.0.113.1 table 100',
          'ip rule add pref 100 lookup main suppress_prefixlength 0; ip rule add pref 101 lookup 100; ip route add default via 203.0.113.1 table 100',
          'ip route add 172.18.0.0/16 dev br0',
          'ip route add 172.20.0.0/24 via 172.18.0.3',
          'ip route replace 198.51.100.1 via 203.0.113.1',
          'ip -n outside route add 172.18.0.0/24 via 203.0.113.2',
          'ip -n outside route add 172.16.0.0/12 via 203.0.113.2',
        ]
      : [
          `${at}ip route replace default via 172.18.0.1`,
          `${at}ip route replace default dev ${device}`,
          `${at}ip route add 198.51.100.0/24 via 172.18.0.1`,
          `${at}ip route add 172.19.0.0/24 via 172.18.0.1`,
          `${at}ip route add 172.16.0.0/12 dev ${device}`,
          `${at}ip route add 0.0.0.0/1 via 172.18.0.1; ${at}ip route add 128.0.0.0/1 via 172.18.0.1`,
          `${at}ip route add 128.0.0.0/1 via 172.18.0.1`,
          `${at}ip route add 203.0.113.0/24 via 172.18.0.1; ${at}ip route add 198.51.100.0/24 via 172.18.0.1`,
          `${at}ip route replace default via 172.18.0.3`,
          `${at}ip route replace default via 172.19.0.1`,
          `${at}ip route add 203.0.113.2 via 172.18.0.2`,
          `${at}ip route add default via 172.19.0.1 table 100; ${at}ip rule add from 172.19.0.3 lookup 100`,
          `${at}iptables -t nat -A POSTROUTING -j MASQUERADE`,
          `${at}iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE`,
          `${at}sysctl -qw net.ipv4.conf.all.forwarding=1`,
          `${at}sysctl -qw net.ipv4.conf.all.arp_ignore=1`,
        ]),
  ]
}

function links({ name, links: all }: NodeState): readonly string[] {
  const at = inside(name)
  const devices = all.filter((link) => link.name !== 'lo')
  const ports = devices.filter(({ kind }) => kind === 'veth' && name === 'host')
  const addresses = devices.flatMap(({ name: link, addresses: own }) =>
    own.flatMap(({ address, prefix, family }) => (family === 4 ? [{ link, address, prefix }] : [])),
  )
  return [
    ...devices.flatMap(({ name: link }) =>
      ['up', 'down', 'mtu 1400', 'mtu 1500', 'mtu 9000'].map(
        (to) => `${at}ip link set ${link} ${to}`,
      ),
    ),
    ...ports.flatMap(({ name: link }) => [
      `ip link set ${link} master br0`,
      `ip link set ${link} nomaster`,
      `bridge link set dev ${link} hairpin on`,
      `bridge link set dev ${link} isolated on`,
      `ip link set ${link} master br1`,
    ]),
    ...addresses.flatMap(({ link, address, prefix }) => [
      `${at}ip address del ${address}/${prefix} dev ${link}`,
      `${at}ip address add ${address}/24 dev ${link}`,
      `${at}ip address replace ${address.replace(/\d+$/, '22')}/24 dev ${link}`,
    ]),
    ...addresses.flatMap(({ link, address, prefix }) =>
      ['8', '16', '24', '25', '32'].flatMap((other) => {
        const add = `${at}ip address add ${address}/${other} dev ${link}`
        return [add, `${add}; ${at}ip address del ${address}/${prefix} dev ${link}`]
      }),
    ),
    ...addresses.flatMap(({ link }) =>
      ['172.18.0.4', '172.18.0.22'].map(
        (other) =>
          `${at}ip address flush dev ${link}; ${at}ip address add ${other}/24 dev ${link}; ${at}ip route add default via 172.18.0.1; ip neigh flush dev br0`,
      ),
    ),
    ...devices.flatMap(({ name: link }) =>
      ['172.18.0.1/32', '172.18.0.2/24', '172.18.0.3/24', '172.18.0.22/32', '203.0.113.2/32'].map(
        (address) => `${at}ip address add ${address} dev ${link}`,
      ),
    ),
    ...(name === 'host'
      ? [
          'ip neigh replace 172.18.0.2 dev br0 nud permanent lladdr $(ip netns exec ns1 cat /sys/class/net/eth0/address)',
          'ip neigh flush dev br0',
          'ip link set veth1 mtu 1500; ip -n ns1 link set eth0 mtu 9000',
        ]
      : []),
  ]
}

function sysctls({ name, links: all }: NodeState): readonly string[] {
  if (name !== 'host') return []
  const devices = ['all', ...all.map((link) => link.name).filter((link) => link !== 'lo')]
  return [
    ...devices.flatMap((device) => [
      `sysctl -qw net.ipv4.conf.${device}.rp_filter=0`,
      `sysctl -qw net.ipv4.conf.${device}.rp_filter=2`,
      `sysctl -qw net.ipv4.conf.${device}.forwarding=1`,
      `sysctl -qw net.ipv4.conf.${device}.proxy_arp=1`,
    ]),
    'sysctl -qw net.ipv4.ip_forward=1',
    'sysctl -qw net.ipv4.conf.br0.forwarding=1 net.ipv4.conf.br1.forwarding=1 net.ipv4.conf.eth0.forwarding=1',
    'sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.br0.rp_filter=0',
    'sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=1',
    'sysctl -qw net.bridge.bridge-nf-call-iptables=1',
    'sysctl -qw net.bridge.bridge-nf-call-iptables=0',
  ]
}

function inside(node: string): string {
  return node === 'host' ? '' : `ip netns exec ${node} `
}
