// The scenario bridge-network: makes the same network with the library and shows the equivalent commands of each call.
import {
  answers,
  curl,
  fails,
  output,
  ping,
  scenario,
  shows,
  showsNo,
} from '../lib/scenario/index.ts'

export default scenario({
  name: 'bridge-network',
  title: 'The whole system: networks and containers with the library',
  about: `
    Here a program does what the other scenarios did by hand: netdojo's own library, in TypeScript.
    It keeps records, gives out addresses, and makes the same changes in the kernel as your commands
    did. The scenario shows each call as it stands in the source, followed by the equivalent
    commands. The command 'netdojo network create --explain' shows these commands, too.`,
  topology: `
    testbridge 192.168.0.0/24            host                      outside
    +-------------------------+   +--------------------+    +------------------+
    | web     192.168.0.2:80  +---+ nd-testbridge      |    | wan              |
    | client  192.168.0.3     |   |  192.168.0.1  eth0 +----+ 203.0.113.1      |
    +-------------------------+   |        203.0.113.2 |    |                  |
    other 192.168.1.0/24          | nd-other           |    | lo 198.51.100.1, |
    +-------------------------+   |  192.168.1.1       |    | web server       |
    | stranger  192.168.1.2   +---+ port 80 to web     |    +------------------+
    +-------------------------+   +--------------------+`,

  ending: {
    learnt: [
      'A library does what you did by hand, in the same order, and keeps records so that it can undo it.',
      'One table with sets and maps replaces a list of rules: a change is an element, in one transaction.',
      'Addresses, names, ports and connection entries have an owner, and end with it.',
    ],
    engine: [
      'docker network create --subnet 192.168.0.0/24 testbridge: the first call of this scenario',
      'nft list ruleset: what Docker and netdojo have in the firewall, side by side',
      'kubectl get networkpolicy: in a cluster, all pods reach each other until a policy isolates them',
    ],
  },

  async play({ host, outside, namespace, step, check, call, container, library }) {
    // Loads the library only when the scenario is played, so that listing the scenarios stays fast.
    const { openContainers, openNetworks } = await import('../lib/index.ts')
    const { stateDirectory, applier, onPlan, tools, onStep } = library
    const networks = await openNetworks({ stateDirectory, applier, onPlan })
    const containers = await openContainers({ networks, stateDirectory, tools, onStep })
    const gateways = output(host)`ip -br -4 address show to 192.168.0.0/16`
    const links = output(host)`ip -br link`
    const connections = output(host)`conntrack -L`
    const pingFrom = (node: ReturnType<typeof container>, source: string, gateway: string) =>
      output(
        node,
      )`ip address add ${source} dev lo; ping -c 1 -W 1 -I ${source} ${gateway} | grep received; ip address delete ${source}/32 dev lo`
    const spoofed = {
      why: 'The firewall drops each frame whose source is not the container itself. So no container can pretend to be another one.',
      question: {
        text: 'A container sends with an address that is not its own. Does it get an answer?',
        shown: 'yes',
        other: 'no',
      },
    }

    await step(
      'Create a network',
      `The library creates a bridge with the gateway's address, and two nftables tables: one for
      packets, one for frames. Their rules never change. Networks and published ports are elements
      of sets and maps, so a thousand of them cost no more than one. Records and used addresses are stored on disk.

      Your rules of the earlier scenarios were a list: one MASQUERADE rule for each network and one
      DNAT rule for each port, which the kernel tries one after the other. They do the same, but a
      long list is slow, and each change replaces the list while packets pass. Here a change is one
      transaction that adds or removes elements.`,
      async () => {
        await check(
          "no interface has the gateway's address yet",
          gateways,
          showsNo('192.168.0.1'),
          {
            why: 'No command has run yet, so nobody has this address. The same question after the call shows what the call did.',
            question: {
              text: 'The library has done nothing yet. Does an interface have the address 192.168.0.1?',
              shown: 'yes',
              other: 'no',
            },
          },
        )
        await call(() => networks.create({ name: 'testbridge', subnet: '192.168.0.0/24' }))
        await check(
          'the bridge has the first address of the subnet',
          gateways,
          shows(/^nd-testbridge .*192\.168\.0\.1\/24/),
          {
            why: "The call planned a bridge, its address and the firewall, and applied them as you did by hand. The first address of the subnet became the gateway's.",
            question: {
              text: 'Which address does the new bridge have?',
              shown: '192.168.0.1/24, the first one of the subnet',
              other: 'none: somebody must still add it',
            },
          },
        )
      },
    )

    const [web, client] = await step(
      'Two containers',
      `A container is a program with its own namespaces. Its network is ready before the program
      starts. It has a veth pair to the bridge, an address from the bitmap, and a default route. The
      first container publishes a port.`,
      async () => {
        await check(
          'no program listens on port 80 of the host',
          curl(outside, 'http://203.0.113.2/'),
          fails('Connection refused'),
          {
            why: 'The port is not published yet, and no program on the host listens there. So the kernel refuses the connection.',
          },
        )
        const web = await call(() =>
          containers.run({
            name: 'web',
            networks: ['testbridge'],
            ports: ['80:80'],
            command: ['serve', '80'],
          }),
        )
        const client = await call(() =>
          containers.run({ name: 'client', networks: ['testbridge'], command: ['serve', '80'] }),
        )
        return [container(web), container(client)] as const
      },
    )

    await step(
      'Connections from the containers',
      `Both containers are on one bridge. Each container has a hosts file with the names of the
      others. The library updates these files when containers come and go. For connections to the
      Internet, the host uses its own address (MASQUERADE).`,
      async () => {
        await outside.serve(80)
        await check('client reaches web by name', ping(client, 'web'), answers, {
          why: 'The name web stands in the hosts file of client, which the library wrote. The ping itself needs only the bridge.',
        })
        await check('web reads the page of client by name', curl(web, 'http://client/'), answers, {
          why: 'The library keeps the hosts files of all containers up to date, also those of containers that started earlier.',
        })
        await check(
          'the host reads the page of client',
          curl(host, 'http://192.168.0.3/'),
          answers,
          {
            why: 'The host is a member of the network: it has 192.168.0.1 on the bridge. So it reaches each container directly.',
          },
        )
        for (const node of [web, client])
          await check(
            `the loopback interface of ${node.name} is up, and ${node.name} has no IPv6 address on its network`,
            output(node)`ip -br address`,
            showsNo(/lo +DOWN|fe80/),
            {
              why: "The library brings lo up, which 'ip netns add' does not. It turns IPv6 off on this network, because the network has no IPv6 subnet.",
              question: {
                text: "What does 'ip address' show in the container?",
                shown: 'lo is down, or there is an IPv6 address',
                other: 'lo is up, and there is no IPv6 address',
              },
            },
          )
        for (const node of [web, client])
          await check(
            `${node.name} reads a page on the Internet, and that server sees the host's address`,
            curl(node, 'http://198.51.100.1/'),
            shows('I see you as 203.0.113.2'),
            {
              why: "Packets to other networks leave with the host's address, as with your MASQUERADE rule. Here the source is looked up in a set of all networks.",
            },
          )
        for (const node of [web, client])
          await check(
            `${node.name} gets no answer when it sends with an address that is not its own`,
            pingFrom(node, '192.168.0.99', '192.168.0.1'),
            showsNo(' 1 received'),
            spoofed,
          )
      },
    )

    await step(
      'The published port, from every side',
      `From outside, the container sees the real client. But a neighbour's answer could go back
      directly, without the host. In that case the host uses its own address as the source, so that
      the answer comes back to the host.`,
      async () => {
        await check(
          'outside reaches web through the published port',
          curl(outside, 'http://203.0.113.2/'),
          shows('hello from web: I see you as 203.0.113.1'),
          {
            why: 'DNAT finds the destination in a map: port 80 leads to web. The source is not changed, so web sees the real client.',
          },
        )
        await check(
          'the host reaches web at its own outer address',
          curl(host, 'http://203.0.113.2/'),
          shows('hello from web'),
          {
            why: 'Packets of the host itself pass OUTPUT, so the map is used there too. You needed a rule of its own for that.',
          },
        )
        await check(
          'the host reaches web at localhost',
          curl(host, 'http://127.0.0.1/'),
          shows('hello from web: I see you as 192.168.0.1'),
          {
            why: "The library sets route_localnet and gives the packet the gateway's address as its source. You did both by hand in the scenario dnat.",
          },
        )
        await check(
          'web reaches itself through its published port (hairpin NAT)',
          curl(web, 'http://203.0.113.2/'),
          shows('hello from web: I see you as 192.168.0.1'),
          {
            why: 'The packet of web comes back to web. Without another source address, web would answer to itself, and the connection would not match.',
          },
        )
        await check(
          'client reaches web through the published port',
          curl(client, 'http://203.0.113.2/'),
          shows('hello from web'),
          {
            why: "The neighbour's answer must come back through the host, which changed the destination. So the host uses its own address as the source.",
          },
        )
      },
    )

    await step(
      'The host does not become a router',
      `Containers reach the Internet only if the host forwards packets. This host forwarded nothing
      before, so the library switched forwarding on. But then the host would also forward between
      its other interfaces. One element in the firewall prevents that: only packets from or to our
      networks are forwarded. Here a LAN joins the host, and outside has a route to that LAN.`,
      async () => {
        const lan = namespace('lan')
        await host.$`ip netns add lan`
        await host.$`ip link add lan0 type veth peer name eth0 netns lan`
        await host.$`ip address add 198.18.0.1/24 dev lan0`
        await host.$`ip link set lan0 up`
        await lan.$`ip address add 198.18.0.2/24 dev eth0`
        await lan.$`ip link set eth0 up`
        await lan.$`ip route add default via 198.18.0.1`
        await outside.$`ip route add 198.18.0.0/24 via 203.0.113.2`
        await check(
          'outside has a route to the LAN',
          output(outside)`ip route get 198.18.0.2`,
          shows('via 203.0.113.2'),
          {
            why: 'The last command added the route. So a missing route is not the reason for what comes next.',
            question: {
              text: 'outside sends a packet to 198.18.0.2. What is the next hop?',
              shown: 'the host, 203.0.113.2',
              other: 'none: outside has no route',
            },
          },
        )
        await check(
          'lan reaches the published port of web',
          curl(lan, 'http://203.0.113.2/'),
          shows('hello from web'),
          {
            why: 'A published port is for everybody. The packet goes to a network of the library, so the host forwards it.',
          },
        )
        await check(
          'lan gets no answer from the Internet: the host does not forward for it',
          ping(lan, '198.51.100.1'),
          fails('no answer'),
          {
            why: 'The host forwards only packets from or to networks of the library, because it forwarded nothing before the first of them.',
          },
        )
      },
    )

    const stranger = await step(
      'A second network is isolated',
      `The host could route between the two networks, but it must not. Only members of a network may
      reach its containers directly. Everybody may reach their published ports. In the firewall, a
      second network is only three more elements.`,
      async () => {
        await call(() => networks.create({ name: 'other', subnet: '192.168.1.0/24' }))
        const stranger = container(
          await call(() =>
            containers.run({
              name: 'stranger',
              networks: ['other'],
              ports: ['8080:80'],
              command: ['serve', '80'],
            }),
          ),
        )
        await check(
          'neither bridge has an IPv6 route: these networks have no IPv6',
          output(host)`ip -6 route show table all`,
          showsNo('nd-'),
          {
            why: 'The library turns IPv6 off on the bridges of networks without an IPv6 subnet. So no address and no route appears by itself.',
            question: {
              text: 'Both bridges are up. Which IPv6 routes do they have?',
              shown: 'routes to fe80::/64, as every interface',
              other: 'none',
            },
          },
        )
        await check(
          'the loopback interface of stranger is up, and stranger has no IPv6 address on its network',
          output(stranger)`ip -br address`,
          showsNo(/lo +DOWN|fe80/),
          {
            why: 'The same as for the first two containers: lo is up, and this network has no IPv6.',
            question: {
              text: "What does 'ip address' show in stranger?",
              shown: 'lo is down, or there is an IPv6 address',
              other: 'lo is up, and there is no IPv6 address',
            },
          },
        )
        await check(
          'stranger reads a page on the Internet',
          curl(stranger, 'http://198.51.100.1/'),
          shows('I see you as 203.0.113.2'),
          {
            why: 'The second network was one more element in the set of the MASQUERADE rule. The rule itself did not change.',
          },
        )
        await check(
          'stranger gets no answer when it sends with an address that is not its own',
          pingFrom(stranger, '192.168.1.99', '192.168.1.1'),
          showsNo(' 1 received'),
          spoofed,
        )
        await check(
          'stranger does not reach web',
          ping(stranger, '192.168.0.2'),
          fails('no answer'),
          {
            why: 'The rules drop packets from one network to another. The host could route them, but networks are isolated by default.',
          },
        )
        await check('web does not reach stranger', ping(web, '192.168.1.2'), fails('no answer'), {
          why: 'The isolation works in both directions: each network is in the same set.',
        })
        await check(
          'stranger does not know the name web',
          output(stranger)`getent -s files hosts web`,
          fails('no output'),
          {
            why: 'Only members of the same network are in the hosts file. A name would be of no use without a path.',
            question: {
              text: 'stranger looks web up in its hosts file. What does it find?',
              shown: 'the address of web',
              other: 'nothing',
            },
          },
        )
        await check(
          'stranger reaches the published port of web',
          curl(stranger, 'http://203.0.113.2/'),
          shows('hello from web'),
          {
            why: 'The published port belongs to the host, and everybody may use it. The packet gets its new destination before the isolation is checked.',
          },
        )
        await check(
          'stranger reaches its own published port',
          curl(stranger, 'http://203.0.113.2:8080/'),
          shows('hello from stranger'),
          {
            why: 'Port 8080 leads to port 80 of stranger. This is the hairpin again: the packet leaves and comes back.',
          },
        )
        await check(
          'the host reaches the port of stranger at localhost',
          curl(host, 'http://127.0.0.1:8080/'),
          shows('hello from stranger'),
          {
            why: 'Each published port is one element of the map, for all addresses of the host, also for localhost.',
          },
        )
        return stranger
      },
    )

    await step(
      'Attach and detach while a container runs',
      `A second interface makes stranger a member of both networks. reconcile() then updates
      everything that depends on the records, here the names in the hosts files. disconnect()
      removes the address, the route and the connection tracking entries. So the next owner of the
      address inherits nothing.`,
      async () => {
        const { netns } = await containers.get('stranger')
        const endpoint = await call(() => networks.connect('testbridge', { netns }))
        await call(() => containers.reconcile())
        await check('stranger now reaches web', ping(stranger, '192.168.0.2'), answers, {
          why: 'stranger has an interface in both networks now, so the path is direct. The isolation is not involved.',
        })
        await check(
          'stranger now knows the name web',
          output(stranger)`getent -s files hosts web`,
          shows('192.168.0.2'),
          {
            why: 'reconcile() wrote the hosts files again, because the members of testbridge have changed.',
            question: {
              text: 'stranger is a member of testbridge now. What does its hosts file say about web?',
              shown: '192.168.0.2',
              other: 'nothing',
            },
          },
        )
        await check(
          'stranger reaches the gateway of testbridge',
          ping(stranger, '192.168.0.1'),
          answers,
          { why: 'The gateway is on the same bridge as the new interface.' },
        )
        await check(
          'the host reaches stranger at its new address',
          ping(host, '192.168.0.4'),
          answers,
          {
            why: 'The host has a route to 192.168.0.0/24 through the bridge. It does not matter that stranger is also in another network.',
          },
        )
        await check(
          'the new interface has no IPv6 address',
          output(stranger)`ip -br address show eth1`,
          showsNo('fe80'),
          {
            why: 'The rule for IPv6 applies to each interface that the library makes, also to a later one.',
            question: {
              text: 'Does the new interface have an IPv6 address?',
              shown: 'yes, one that begins with fe80',
              other: 'no',
            },
          },
        )
        await check(
          'on testbridge, too, stranger gets no answer when it sends with an address that is not its own',
          pingFrom(stranger, '192.168.0.99', '192.168.0.1'),
          showsNo(' 1 received'),
          spoofed,
        )
        await check('the kernel tracks these connections', connections, shows('192.168.0.4'), {
          why: 'The ping of the host made an entry: the kernel tracks every connection, not only those with NAT.',
          question: {
            text: 'The host has pinged 192.168.0.4. Does the kernel remember that?',
            shown: 'yes',
            other: 'no',
          },
        })
        await call(() => networks.disconnect('testbridge', endpoint.id))
        await check(
          'the firewall has forgotten the addresses of this interface',
          output(host)`nft list table bridge netdojo`,
          showsNo(endpoint.hostInterface),
          {
            why: 'Each interface is a few elements in sets of the firewall. They go with the interface, and the rules stay as they are.',
          },
        )
        await check(
          'detached again, stranger no longer reaches web',
          ping(stranger, '192.168.0.2'),
          fails('no answer'),
          {
            why: 'disconnect() removed the interface, the address and the route. The two networks are isolated again.',
          },
        )
        await check(
          'the kernel no longer tracks these connections',
          connections,
          showsNo('192.168.0.4'),
          {
            why: 'disconnect() deleted the entries of this address. Otherwise packets of an old connection could reach the next owner of the address.',
            question: {
              text: 'stranger has left testbridge. What is left of its connections?',
              shown: 'entries with 192.168.0.4',
              other: 'nothing',
            },
          },
        )
      },
    )

    await step(
      'Nothing is left',
      `All containers are detached, and their addresses and ports are free again. When the last
      network is removed, the nftables tables are removed too. The library never touches what others
      made, for example the interface to outside.`,
      async () => {
        await call(async () => {
          for (const endpoint of await networks.endpoints()) await endpoint.disconnect()
        })
        await check(
          'the firewall has forgotten the addresses of all containers',
          output(host)`nft list table bridge netdojo`,
          showsNo('"ndv'),
          {
            why: 'Each interface is a few elements in sets of the firewall. They go with the interface, and the rules stay as they are.',
          },
        )
        await check('no veth device of the networks is left', links, showsNo(/^ndv/), {
          why: 'Each endpoint was one veth pair, and its end removes both ends. All devices of the library have names that begin with ndv or nd-.',
          question: {
            text: 'All containers are detached. Which devices of theirs are left?',
            shown: 'some that begin with ndv',
            other: 'none',
          },
        })
        await check(
          'no connection of the containers is tracked any more',
          connections,
          showsNo(/192\.168\.[01]\.[2-9]/),
          {
            why: 'The library deletes the entries together with the address. An address without history can be given out again.',
            question: {
              text: 'Which connections of the containers does the kernel still track?',
              shown: 'some',
              other: 'none',
            },
          },
        )
        for (const url of ['http://203.0.113.2/', 'http://203.0.113.2:8080/'])
          await check(
            'the published port is free again',
            curl(outside, url),
            fails('Connection refused'),
            {
              why: 'The element of the map is gone, so the packet is for the host itself again. There, nothing listens.',
            },
          )
        await call(async () => {
          for (const { name } of await containers.list())
            await containers.remove(name, { force: true })
        })
        await call(() => networks.remove('testbridge'))
        await check(
          'the firewall no longer contains testbridge',
          output(host)`nft list table inet netdojo`,
          showsNo(/nd-testbridge|192\.168\.0\.0/),
          {
            why: 'The network was three elements in the sets, and they are gone. The other network still needs the table.',
            question: {
              text: 'testbridge is removed, and other is not. Does the firewall still mention testbridge?',
              shown: 'yes',
              other: 'no',
            },
          },
        )
        await call(() => networks.remove('other'))
        await check('no bridge of the networks is left', links, showsNo(/^nd-/), {
          why: 'Each network had one bridge, and removing the network removes it.',
          question: {
            text: 'Which bridges are left?',
            shown: 'one that begins with nd-',
            other: "none of the library's",
          },
        })
        await check(
          'the nftables tables are gone',
          output(host)`nft list tables`,
          showsNo('netdojo'),
          {
            why: 'The last network takes both tables with it. The library leaves no rule behind, and it never touched the rules of others.',
            question: {
              text: 'Are the nftables tables of the library still there?',
              shown: 'yes, but empty',
              other: 'no',
            },
          },
        )
        await check(
          'the host forwards nothing, as before the first network',
          output(host)`sysctl net.ipv4.ip_forward`,
          shows('= 0'),
          {
            why: 'The library noted that forwarding was off, and switched it off again with the last network. If it had been on, it would have stayed on.',
            question: {
              text: 'The last network is removed. Does the host still forward packets?',
              shown: 'no: it is as it was before',
              other: 'yes: forwarding stays on',
            },
          },
        )
      },
    )
  },
})
