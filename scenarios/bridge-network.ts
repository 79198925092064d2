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
    commands. In 'npm run shell', 'netdojo network create --explain' shows these commands too.`,
  topology: `
    testbridge 192.168.0.0/24            host                      outside
    +-------------------------+   +--------------------+    +------------------+
    | web     192.168.0.2:80  +---+ nd-testbridge      |    | wan              |
    | client  192.168.0.3     |   |  192.168.0.1  eth0 +----+ 203.0.113.1      |
    +-------------------------+   |        203.0.113.2 |    |                  |
    other 192.168.1.0/24          | nd-other           |    | lo 198.51.100.1, |
    +-------------------------+   |  192.168.1.1       |    | web server       |
    | stranger  192.168.1.2   +---+ port 80 -> web     |    +------------------+
    +-------------------------+   +--------------------+`,

  async play({ host, outside, step, check, call, container, library }) {
    // Loads the library only when the scenario is played, so that listing the scenarios stays fast.
    const { openContainers, openNetworks } = await import('../lib/index.ts')
    const { stateDirectory, applier, onPlan, tools, onStep } = library
    const networks = await openNetworks({ stateDirectory, applier, onPlan })
    const containers = await openContainers({ networks, stateDirectory, tools, onStep })
    const gateways = output(host)`ip -br -4 address show to 192.168.0.0/16`
    const links = output(host)`ip -br link`
    const connections = output(host)`conntrack -L`

    await step(
      'Create a network',
      `The library creates a bridge with the gateway's address, and one nftables table. The rules in
      this table never change. Networks and published ports are elements of its sets and maps, so a
      thousand of them cost no more than one. Records and used addresses are stored on disk.`,
      async () => {
        await check("no interface has the gateway's address yet", gateways, showsNo('192.168.0.1'))
        await call(() => networks.create({ name: 'testbridge', subnet: '192.168.0.0/24' }))
        await check(
          'the bridge has the first address of the subnet',
          gateways,
          shows(/^nd-testbridge .*192\.168\.0\.1\/24/),
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
        await check('client reaches web by name', ping(client, 'web'), answers)
        await check('web reads the page of client by name', curl(web, 'http://client/'), answers)
        await check('the host reads the page of client', curl(host, 'http://192.168.0.3/'), answers)
        for (const node of [web, client])
          await check(
            `the loopback interface of ${node.name} is up, and ${node.name} has no IPv6 address on its network`,
            output(node)`ip -br address`,
            showsNo(/lo +DOWN|fe80/),
          )
        for (const node of [web, client])
          await check(
            `${node.name} reads a page on the Internet, and that server sees the host's address`,
            curl(node, 'http://198.51.100.1/'),
            shows('I see you as 203.0.113.2'),
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
        )
        await check(
          'the host reaches web at its own outer address',
          curl(host, 'http://203.0.113.2/'),
          shows('hello from web'),
        )
        await check(
          'the host reaches web at localhost',
          curl(host, 'http://127.0.0.1/'),
          shows('hello from web: I see you as 192.168.0.1'),
        )
        await check(
          'web reaches itself through its published port (hairpin NAT)',
          curl(web, 'http://203.0.113.2/'),
          shows('hello from web: I see you as 192.168.0.1'),
        )
        await check(
          'client reaches web through the published port',
          curl(client, 'http://203.0.113.2/'),
          shows('hello from web'),
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
        )
        await check(
          'the loopback interface of stranger is up, and stranger has no IPv6 address on its network',
          output(stranger)`ip -br address`,
          showsNo(/lo +DOWN|fe80/),
        )
        await check(
          'stranger reads a page on the Internet',
          curl(stranger, 'http://198.51.100.1/'),
          shows('I see you as 203.0.113.2'),
        )
        await check(
          'stranger does not reach web',
          ping(stranger, '192.168.0.2'),
          fails('no answer'),
        )
        await check('web does not reach stranger', ping(web, '192.168.1.2'), fails('no answer'))
        await check(
          'stranger does not know the name web',
          output(stranger)`getent -s files hosts web`,
          fails('no output'),
        )
        await check(
          'stranger reaches the published port of web',
          curl(stranger, 'http://203.0.113.2/'),
          shows('hello from web'),
        )
        await check(
          'stranger reaches its own published port',
          curl(stranger, 'http://203.0.113.2:8080/'),
          shows('hello from stranger'),
        )
        await check(
          'the host reaches the port of stranger at localhost',
          curl(host, 'http://127.0.0.1:8080/'),
          shows('hello from stranger'),
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
        await check('stranger now reaches web', ping(stranger, '192.168.0.2'), answers)
        await check(
          'stranger now knows the name web',
          output(stranger)`getent -s files hosts web`,
          shows('192.168.0.2'),
        )
        await check(
          'stranger reaches the gateway of testbridge',
          ping(stranger, '192.168.0.1'),
          answers,
        )
        await check(
          'the host reaches stranger at its new address',
          ping(host, '192.168.0.4'),
          answers,
        )
        await check(
          'the new interface has no IPv6 address',
          output(stranger)`ip -br address show eth1`,
          showsNo('fe80'),
        )
        await check('the kernel tracks these connections', connections, shows('192.168.0.4'))
        await call(() => networks.disconnect('testbridge', endpoint.id))
        await check(
          'detached again, stranger no longer reaches web',
          ping(stranger, '192.168.0.2'),
          fails('no answer'),
        )
        await check(
          'the kernel no longer tracks these connections',
          connections,
          showsNo('192.168.0.4'),
        )
      },
    )

    await step(
      'Nothing is left',
      `All containers are detached, and their addresses and ports are free again. When the last
      network is removed, the nftables table is removed too. The library never touches what others
      made, for example the interface to outside.`,
      async () => {
        await call(async () => {
          for (const endpoint of await networks.endpoints()) await endpoint.disconnect()
        })
        await check('no veth device of the networks is left', links, showsNo(/^ndv/))
        await check(
          'no connection of the containers is tracked any more',
          connections,
          showsNo(/192\.168\.[01]\.[2-9]/),
        )
        for (const url of ['http://203.0.113.2/', 'http://203.0.113.2:8080/'])
          await check(
            'the published port is free again',
            curl(outside, url),
            fails('Connection refused'),
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
        )
        await call(() => networks.remove('other'))
        await check('no bridge of the networks is left', links, showsNo(/^nd-/))
        await check('the nftables table is gone', output(host)`nft list tables`, showsNo('netdojo'))
      },
    )
  },
})
