// The scenario overlay-network: the library joins containers on three machines through etcd, which changes need and existing connections do not.
import {
  answers,
  capture,
  fails,
  output,
  ping,
  scenario,
  shows,
  showsNo,
  type LabNode,
} from '../lib/scenario/index.ts'

const etcd = 'http://203.0.113.1:2379'

export default scenario({
  name: 'overlay-network',
  title: 'Three machines, one network: the library with etcd',
  about: `
    In the scenario vxlan, you typed two entries for each container on another machine. With many
    machines, a program must do that. All machines must agree on the network, on its addresses, and
    on the machine of each container. They keep this in etcd, a store that several machines share.

    etcd tells each machine what has changed. On each machine, a program of the library, the
    follower, then writes the entries into the kernel.

    Here, etcd runs on outside. In a real cluster it runs on three machines, so that one may fail.`,
  topology: `
           c1                c2                c3
       10.80.0.11        10.80.0.12        10.80.0.13
      +-----------+     +-----------+     +-----------+
      |   host    |     |   host2   |     |   host3   |
      +-----+-----+     +-----+-----+     +-----+-----+
         .2 |             .12 |             .13 |      outside: etcd
            +-----------------+-----------------+------ 203.0.113.1`,

  machines: 3,
  programs: { etcd: 'etcd-server' },
  state: { [`curl ${etcd}/health`]: `curl -s -m 1 ${etcd}/health` },

  ending: {
    learnt: [
      'An overlay network is the tunnel of the scenario vxlan, with entries that a program writes.',
      'What all machines must agree on is in one store: networks, addresses, and the machine of each container.',
      'A change needs the store. Packets do not: the entries are in the kernel of each machine.',
    ],
    engine: [
      'docker swarm init: the machines of a swarm share such a state, and docker network create -d overlay uses it',
      'etcdctl get --prefix /registry --keys-only: Kubernetes keeps all of its state in etcd',
      'kubectl get pods -o wide: on which machine each pod is',
    ],
  },

  async play({ host, outside, namespace, step, check, journey }) {
    const [host2, host3] = [namespace('host2'), namespace('host3')]
    const [c1, c2] = [namespace('c1'), namespace('c2')]
    const bridges = output(host2)`ip -br link show type bridge`
    const remote = (machine: LabNode) => output(machine)`bridge fdb show | grep -o 'dst .*'`
    const inWhichPacket = capture(host, 'eth0', 'udp port 4789', ping(c1, '10.80.0.12'))

    await step(
      'A store for all machines',
      `etcd keeps keys and values. A program can watch a key: then etcd tells it each change. Start
      etcd in the background, and wait until it answers.`,
      async () => {
        await outside.$`url=${etcd}; etcd --data-dir /run/etcd --listen-client-urls $url --advertise-client-urls $url >/run/etcd.log 2>&1 & until curl -sf $url/health || ! kill -0 $!; do sleep 0.1; done`
        await check(
          'host3 reaches etcd',
          output(host3)`curl -s -m 1 ${etcd}/health`,
          shows('"health":"true"'),
          {
            why: 'etcd listens on port 2379 of outside. Every machine can reach that address over the wire.',
          },
        )
      },
    )

    await step(
      'One machine creates the network',
      `The variable NETDOJO_STORE says where etcd is. Each machine needs it in its first change only,
      which remembers it.`,
      async () => {
        await host.$`NETDOJO_STORE=${etcd} netdojo network create -d overlay --subnet 10.80.0.0/16 wide`
        await check(
          'host3 knows the network, too',
          output(host3)`NETDOJO_STORE=${etcd} netdojo network ls`,
          shows('wide'),
          {
            why: 'host wrote the network into etcd, and host3 read it there. Nothing was sent from host to host3.',
            question: {
              text: 'The network was created on host. Does host3 list it?',
              shown: 'yes',
              other: 'no, it is a network of host',
            },
          },
        )
        await check('host2 has no bridge for it yet', bridges, showsNo('nd-wide'), {
          why: 'A machine joins the network with its first container. Until then it needs no bridge, no tunnel and no entries.',
          question: {
            text: 'Does host2 have a bridge now?',
            shown: 'yes',
            other: 'no',
          },
        })
      },
    )

    await step(
      'A container on two machines',
      `A namespace takes the place of a container. connect gives it an address, and writes into etcd:
      this address, with this MAC address, is on this machine.`,
      async () => {
        await host.$`ip netns add c1`
        await host.$`netdojo network connect --ip 10.80.0.11 wide c1`
        await host2.$`ip netns add c2`
        await host2.$`NETDOJO_STORE=${etcd} netdojo network connect --ip 10.80.0.12 wide c2`
        await check('host2 has joined the network', bridges, shows('nd-wide'), {
          why: 'With its first container, host2 made its own bridge and tunnel device, by what it read in etcd.',
          question: {
            text: 'Does host2 have a bridge now?',
            shown: 'yes',
            other: 'no',
          },
        })
        await check('c1 reaches c2', ping(c1, '10.80.0.12'), answers, {
          why: 'etcd told the follower on host where c2 is, and it wrote the entries. The follower on host2 did the same for c1.',
        })
        await check(
          'the forwarding table of host leads to host2',
          remote(host),
          shows('dst 203.0.113.12'),
          {
            why: 'It is the same forwarding entry as in the scenario vxlan, with self and permanent. Nobody typed it.',
            question: {
              text: 'To which machine does an entry of host lead?',
              shown: 'to host2, 203.0.113.12',
              other: 'to none: the device floods',
            },
          },
        )
        await check(
          'on the wire, the packet is in a UDP packet between the machines',
          inWhichPacket,
          shows(/203\.0\.113\.2\.\d+ > 203\.0\.113\.12\.4789: VXLAN.* vni 4096/),
          {
            why: 'The VNI was the first free one, and it is in etcd as well: no two networks have the same.',
            question: {
              text: 'Which packet is on the wire between the machines?',
              shown: 'a UDP packet from host to host2',
              other: 'one to outside, where etcd is',
            },
          },
        )
        await journey(ping(c1, '10.80.0.12'))
      },
    )

    await step(
      'A third machine',
      `host3 connects c3. You change nothing on host and host2.`,
      async () => {
        await host3.$`ip netns add c3`
        await host3.$`NETDOJO_STORE=${etcd} netdojo network connect --ip 10.80.0.13 wide c3`
        await check('c1 reaches c3', ping(c1, '10.80.0.13'), answers, {
          why: 'host3 wrote into etcd where c3 is. etcd told host, and the follower on host wrote the entries of c3.',
        })
        await check('c2 reaches c3', ping(c2, '10.80.0.13'), answers, {
          why: 'etcd told host2, too. A change is written once, however many machines the network has.',
        })
      },
    )

    await step(
      'A container is gone',
      `Its entries must go on all machines: the address may be given to another container, on another
      machine.`,
      async () => {
        await host2.$`netdojo network disconnect wide c2`
        await check('host has no entry for host2 any more', remote(host), showsNo('203.0.113.12'), {
          why: 'host2 deleted the key of c2 in etcd, and the follower on host removed the entry.',
          question: {
            text: 'Does the forwarding table of host still lead to host2?',
            shown: 'yes, until the entry expires',
            other: 'no',
          },
        })
        await check(
          'host3 has no entry for host2 any more',
          remote(host3),
          showsNo('203.0.113.12'),
          {
            why: 'etcd told host3, too. The entry of c1 stays: it leads to host.',
            question: {
              text: 'And the forwarding table of host3?',
              shown: 'it still leads to host2',
              other: 'it leads to host only',
            },
          },
        )
        await check(
          'c2 cannot get the address of c3',
          output(host2)`netdojo network connect --ip 10.80.0.13 wide c2`,
          fails('has it'),
          {
            why: 'Each address is a key in etcd that is created only if it is absent. Of two machines that want it at the same moment, one gets it.',
            question: {
              text: 'host2 asks for the address of c3, 10.80.0.13. What happens?',
              shown: 'c2 gets it',
              other: 'it is refused, because c3 has it',
            },
          },
        )
      },
    )

    await step(
      'etcd is gone',
      `Kill etcd, as if it had crashed. What breaks when the store fails?`,
      async () => {
        await outside.$`pkill -9 -x etcd`
        await check(
          'a change is refused',
          output(host2)`netdojo network connect wide c2`,
          fails('no member answered'),
          {
            why: 'host2 cannot know which addresses are free. A guess could give one address to two containers, so it gives none.',
            question: {
              text: 'host2 connects c2 again. What happens?',
              shown: 'c2 gets an address',
              other: 'it is refused',
            },
          },
        )
        await check('c1 still reaches c3', ping(c1, '10.80.0.13'), answers, {
          why: 'The entries are in the kernels of host and host3. No packet ever goes through etcd.',
        })
      },
    )
  },
})
