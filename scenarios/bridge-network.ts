// bridge-network: the same network made by the library. Each call shows the commands that it amounts to: nothing in them is new.
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
  title: 'The whole system: networks and containers, by the library',
  about: `
    What the other scenarios did by hand, a program does here: netdojo's own library, in TypeScript. It
    keeps records, gives out addresses, and drives the kernel with the very commands that you have
    typed. Each call is shown as it is written, and under it what it amounts to; 'netdojo network
    create --explain' shows the same in 'npm run shell'.`,
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
    // Loaded when it is played: who only lists the scenarios does not wait for the library.
    const { openContainers, openNetworks } = await import('../lib/index.ts')
    const { stateDirectory, applier, onPlan, tools, onStep } = library
    const networks = await openNetworks({ stateDirectory, applier, onPlan })
    const containers = await openContainers({ networks, stateDirectory, tools, onStep })
    const gateways = output(host)`ip -br -4 address show to 192.168.0.0/16`
    const links = output(host)`ip -br link`
    const connections = output(host)`conntrack -L`

    await step(
      'Create a network',
      `A bridge with the gateway's address, and one nftables table of ours. Its rules never change: networks
      and published ports are elements of its sets and maps, so that a thousand of them cost no more than
      one. The records, and which addresses are taken, are kept on the disk.`,
      async () => {
        await check('nobody is the gateway yet', gateways, showsNo('192.168.0.1'))
        await call(() => networks.create({ name: 'testbridge', subnet: '192.168.0.0/24' }))
        await check(
          'the host has the first address of the subnet, on the bridge',
          gateways,
          shows(/^nd-testbridge .*192\.168\.0\.1\/24/),
        )
      },
    )

    const [web, client] = await step(
      'Two containers',
      `A container is a program with namespaces of its own. Its network is complete before the program runs:
      a cable from the bridge, an address from the bitmap, the way out. The first one publishes a port.`,
      async () => {
        await check(
          'nobody answers on port 80 of the host',
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
      'From inside',
      `Both are on one switch. The names of the containers stand in a hosts file that each of them has, and
      that follows who comes and goes. To the Internet, the host lends its address.`,
      async () => {
        await outside.serve(80)
        await check('client reaches web by its name', ping(client, 'web'), answers)
        await check('web reads what client serves', curl(web, 'http://client/'), answers)
        await check('so does the host', curl(host, 'http://192.168.0.3/'), answers)
        for (const node of [web, client])
          await check(
            `${node.name} has its address and localhost, and no IPv6 address that nobody asked for`,
            output(node)`ip -br address`,
            showsNo(/lo +DOWN|fe80/),
          )
        for (const node of [web, client])
          await check(
            `${node.name} reads a page on the Internet, whose server sees the host`,
            curl(node, 'http://198.51.100.1/'),
            shows('I see you as 203.0.113.2'),
          )
      },
    )

    await step(
      'The published port, from everywhere',
      `From outside the container sees the real client. Where the answer would take a shorter way back than
      the question came, the host puts its own address in between.`,
      async () => {
        await check(
          'from outside',
          curl(outside, 'http://203.0.113.2/'),
          shows('hello from web: I see you as 203.0.113.1'),
        )
        await check(
          'from the host, by the address of its network card',
          curl(host, 'http://203.0.113.2/'),
          shows('hello from web'),
        )
        await check(
          'from the host, by localhost',
          curl(host, 'http://127.0.0.1/'),
          shows('hello from web: I see you as 192.168.0.1'),
        )
        await check(
          'from the container itself: out of its port and in again (hairpin)',
          curl(web, 'http://203.0.113.2/'),
          shows('hello from web: I see you as 192.168.0.1'),
        )
        await check(
          'from its neighbour',
          curl(client, 'http://203.0.113.2/'),
          shows('hello from web'),
        )
      },
    )

    const stranger = await step(
      'A second network is a world of its own',
      `The host could route between the two, and must not: a network's containers are for its members only.
      What they publish is for everybody. For the firewall, another network is three more elements.`,
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
          'neither bridge can have an IPv6 address: their networks have no IPv6',
          output(host)`ip -6 route show table all`,
          showsNo('nd-'),
        )
        await check(
          'stranger has its address and localhost, too',
          output(stranger)`ip -br address`,
          showsNo(/lo +DOWN|fe80/),
        )
        await check(
          'it reads pages on the Internet',
          curl(stranger, 'http://198.51.100.1/'),
          shows('I see you as 203.0.113.2'),
        )
        await check('but does not reach web', ping(stranger, '192.168.0.2'), fails('no answer'))
        await check('nor web it', ping(web, '192.168.1.2'), fails('no answer'))
        await check(
          'nor does it know the name',
          output(stranger)`getent -s files hosts web`,
          fails('no output'),
        )
        await check(
          'what web publishes is for stranger, too',
          curl(stranger, 'http://203.0.113.2/'),
          shows('hello from web'),
        )
        await check(
          'and what stranger publishes for itself',
          curl(stranger, 'http://203.0.113.2:8080/'),
          shows('hello from stranger'),
        )
        await check(
          'and for localhost',
          curl(host, 'http://127.0.0.1:8080/'),
          shows('hello from stranger'),
        )
        return stranger
      },
    )

    await step(
      'Plugging in and out while it runs',
      `A second cable makes stranger a member of both networks; to reconcile is to bring all that hangs on
      the records up to date, here the names that the containers know. Unplugging takes the address, the
      route and what the kernel remembers of its connections: the next owner of the address inherits
      nothing.`,
      async () => {
        const { netns } = await containers.get('stranger')
        const endpoint = await call(() => networks.connect('testbridge', { netns }))
        await call(() => containers.reconcile())
        await check('now stranger reaches web', ping(stranger, '192.168.0.2'), answers)
        await check(
          'and knows its name',
          output(stranger)`getent -s files hosts web`,
          shows('192.168.0.2'),
        )
        await check('and the gateway', ping(stranger, '192.168.0.1'), answers)
        await check('which reaches it', ping(host, '192.168.0.4'), answers)
        await check(
          'here, too, without an IPv6 address',
          output(stranger)`ip -br address show eth1`,
          showsNo('fe80'),
        )
        await check('the kernel remembers these connections', connections, shows('192.168.0.4'))
        await call(() => networks.disconnect('testbridge', endpoint.id))
        await check(
          'unplugged again, it does not',
          ping(stranger, '192.168.0.2'),
          fails('no answer'),
        )
        await check('and all is forgotten', connections, showsNo('192.168.0.4'))
      },
    )

    await step(
      'Nothing is left',
      `What was plugged in is unplugged, addresses and ports are free again, and the last network takes the
      table along. What others have made, here the cable to outside, was never touched.`,
      async () => {
        await call(async () => {
          for (const endpoint of await networks.endpoints()) await endpoint.disconnect()
        })
        await check('no cable hangs about', links, showsNo(/^ndv/))
        await check('and no connection', connections, showsNo(/192\.168\.[01]\.[2-9]/))
        for (const url of ['http://203.0.113.2/', 'http://203.0.113.2:8080/'])
          await check('the port is free again', curl(outside, url), fails('Connection refused'))
        await call(async () => {
          for (const { name } of await containers.list())
            await containers.remove(name, { force: true })
        })
        await call(() => networks.remove('testbridge'))
        await check(
          'the firewall has forgotten this network, and knows the other',
          output(host)`nft list table inet netdojo`,
          showsNo(/nd-testbridge|192\.168\.0\.0/),
        )
        await call(() => networks.remove('other'))
        await check('no bridge', links, showsNo(/^nd-/))
        await check('and no rule of ours', output(host)`nft list tables`, showsNo('netdojo'))
      },
    )
  },
})
