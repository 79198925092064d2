// The scenario bitmap-ipam: gives out addresses from a bitmap and shows what it takes to never give out one twice.
import { fails, output, scenario, shows } from '../lib/scenario/index.ts'

export default scenario({
  name: 'bitmap-ipam',
  title: 'Address management: no address is given out twice',
  about: `
    So far we chose the addresses ourselves. A container engine chooses them automatically (IPAM, IP
    address management). It must remember every address that it gave out: after a restart, after a
    crash, and when many processes ask at once.

    A bitmap is enough, with one bit for each address: 0 is free, 1 is in use. A /16 needs 8 KiB.
    For comparison, this scenario also runs the allocator of a well-known book on writing Docker in
    Go, and shows where it fails. tutorial-ipam is a model of that allocator.`,
  topology: `
    192.168.0.0/29

      bit     0        1        2    3    4    5    6        7
           +--------+--------+----+----+----+----+----+-----------+
           | .0     | .1     | .2 | .3 | .4 | .5 | .6 | .7        |
           +--------+--------+----+----+----+----+----+-----------+
            network  gateway   to be given to containers broadcast`,

  state: {
    // Which of the eight processes gets which address depends on chance.
    'ipam leases': "ipam leases | sed 's/^\\(192.168.1.* p\\)[1-8]$/\\1/'",
    'ls /run':
      'for file in $(ls /run/book* /run/our* 2>/dev/null); do echo "$file: $(wc -l <$file) lines, the last one is: $(tail -n 1 $file)"; done',
  },

  ending: {
    learnt: [
      'One bit for each address is enough, together with its owner.',
      'A released address is given out again as late as possible (next fit).',
      'Reading, choosing and writing must be one transaction, also when a process dies.',
    ],
    engine: [
      'docker network inspect bridge: the subnet, the gateway, and the address of each container',
      'docker network create --subnet 192.168.0.0/29 small: its sixth container gets an error',
      "kubectl get pod POD -o jsonpath='{.status.podIP}': the address that the cluster's IPAM gave to a pod",
    ],
  },

  async play({ host, step, check }) {
    await step(
      'One bit for each address',
      `Three addresses are never given out. The first address names the network. The last one is the
      broadcast address. One belongs to the host, which is the gateway.`,
      async () => {
        await host.$`ipam create 192.168.0.0/29`
        await host.$`ipam allocate 192.168.0.0/29 web db`
        await check(
          'web and db have one address each',
          output(host)`ipam list 192.168.0.0/29`,
          shows('192.168.0.3 db'),
          {
            why: 'The search takes the first free bit: .2 for web and .3 for db. .0 and .1 are the network and the gateway.',
            question: {
              text: 'web and db ask for an address, in this order. What does db get?',
              shown: '192.168.0.3',
              other: '192.168.0.2, or another address',
            },
          },
        )
        await check(
          'each of these addresses is one bit',
          output(host)`ipam bits 192.168.0.0/29`,
          shows('00110000'),
          {
            why: 'Bits 2 and 3 are set, because these addresses are in use. Bits 0, 1 and 7 are reserved: they are never given out, so they need no bit.',
            question: {
              text: 'Which bits of the bitmap are 1 now?',
              shown: 'bits 2 and 3',
              other: 'bits 0 to 3 and bit 7',
            },
          },
        )
        await host.show`ipam draw 192.168.0.0/29`
        await check(
          'only the owner of an address can release it',
          output(host)`ipam release 192.168.0.0/29 web 192.168.0.3`,
          fails('db has it'),
          {
            why: 'The lease of 192.168.0.3 has the owner db, and web is another. Otherwise a container that ends could take the address of a running one.',
            question: {
              text: 'What happens if web releases the address of db?',
              shown: 'the address is free again',
              other: 'it is refused, because db has it',
            },
          },
        )
      },
    )

    await step(
      'An address becomes free',
      `Other machines may still have the old owner in their neighbour tables (the tables that map
      addresses to MAC addresses). They would send the packets for a new owner to the wrong machine.`,
      async () => {
        await host.$`ipam release 192.168.0.0/29 web 192.168.0.2`
        await host.$`ipam allocate 192.168.0.0/29 cache`
        await check(
          'cache gets the next address, not the one that was just released',
          output(host)`ipam list 192.168.0.0/29`,
          shows('192.168.0.4 cache'),
          {
            why: 'The search continues after the last address, .3 (next fit), so cache gets .4. Neighbours that still know the old owner of .2 do not meet a new one.',
            question: {
              text: '192.168.0.2 was just released. Which address does cache get?',
              shown: '192.168.0.4, the next one',
              other: '192.168.0.2, the free one',
            },
          },
        )
        await check(
          'the bit of the released address is 0',
          output(host)`ipam bits 192.168.0.0/29`,
          shows('00011000'),
          {
            why: 'A release clears one bit and changes nothing else. The address becomes free, and its turn comes later.',
            question: {
              text: 'web has released 192.168.0.2. What does the bitmap look like?',
              shown: '00011000: bit 2 is 0 again',
              other: '00111000: bit 2 stays 1',
            },
          },
        )
        await host.show`ipam draw 192.168.0.0/29`
      },
    )

    await step(
      'When all addresses are in use',
      'Three addresses are left. Three more containers take them.',
      async () => {
        await host.$`ipam allocate 192.168.0.0/29 a b c`
        await check(
          'a request for one more address is refused',
          output(host)`ipam allocate 192.168.0.0/29 d`,
          fails('in use or reserved'),
          {
            why: 'Every address is in use or reserved, so there is nothing to give. An error is right: any address would have two owners.',
            question: {
              text: 'What happens if one more container asks?',
              shown: 'it gets an address',
              other: 'it is refused',
            },
          },
        )
        await check(
          'the network, gateway and broadcast addresses were not given out',
          output(host)`ipam bits 192.168.0.0/29`,
          shows('00111110'),
          {
            why: 'Bits 2 to 6 are set, and 0, 1 and 7 are not. The reserved addresses were never given out, not even when no other was left.',
            question: {
              text: 'All addresses are in use. Which bits are 1?',
              shown: 'bits 2 to 6',
              other: 'all eight bits',
            },
          },
        )
        await host.show`ipam draw 192.168.0.0/29`
      },
    )

    await step(
      'The allocator of the book',
      `It adds to each octet without a carry: 255 + 1 becomes 0. It also reads its state back with
      one read of 2,000 bytes. The state of a /16 has 65,536 characters, so the rest is lost.`,
      async () => {
        await host.$`tutorial-ipam allocate 192.168.0.0/24 256 > /run/book-24`
        await check(
          "the book's 255th address is the broadcast address",
          output(host)`sed -n 255p /run/book-24`,
          shows(/^192\.168\.0\.255$/),
          {
            why: 'It counts to .255 without knowing the prefix length. But 192.168.0.255 is the broadcast address of this /24, and no machine may have it.',
            question: {
              text: "The book's allocator gives out 256 addresses of a /24. What is number 255?",
              shown: '192.168.0.255, the broadcast address',
              other: '192.168.1.0, in the next /24',
            },
          },
        )
        await check(
          "the book's 256th address is the address of the network",
          output(host)`sed -n 256p /run/book-24`,
          shows(/^192\.168\.0\.0$/),
          {
            why: '255 + 1 becomes 0 without a carry, so it starts again at .0. That is the address of the network itself.',
            question: {
              text: 'And number 256?',
              shown: '192.168.0.0, the address of the network',
              other: 'an error: no address is left',
            },
          },
        )
        await host.$`tutorial-ipam allocate 172.18.0.0/16 2 > /run/book-16`
        await check(
          "in a /16, the book's allocator gives out the same address twice",
          output(host)`uniq -d /run/book-16`,
          shows(/^172\.18\.0\.1$/),
          {
            why: 'It reads only 2,000 bytes of its own state back, and loses the rest. So it does not know its first address any more and gives it out again.',
            question: {
              text: 'It gives out two addresses of a /16. Are they different?',
              shown: 'no, it is the same address twice',
              other: 'yes',
            },
          },
        )
        await host.$`ipam create 172.18.0.0/16`
        await host.$`ipam allocate 172.18.0.0/16 c{1..300} > /run/ours-16`
        await check(
          'our allocator gives out 300 different addresses',
          output(host)`cut -d ' ' -f 1 /run/ours-16 | sort -u | wc -l`,
          shows(/^300$/),
          {
            why: 'Our allocator looks at one bit for each address, in pages. 300 requests set 300 different bits.',
            question: {
              text: 'Our allocator gets 300 requests. How many different addresses does it give out?',
              shown: '300',
              other: 'fewer, as in the book',
            },
          },
        )
        await check(
          'our allocator carries: 172.18.1.0 comes after 172.18.0.255',
          output(host)`sed -n 255p /run/ours-16`,
          shows('172.18.1.0 c255'),
          {
            why: 'The address is a number for our allocator, so 172.18.0.255 + 1 is 172.18.1.0. In a /16 this is an ordinary address.',
            question: {
              text: 'Which address comes after 172.18.0.255 in a /16?',
              shown: '172.18.1.0',
              other: '172.18.0.0',
            },
          },
        )
      },
    )

    await step(
      'Many processes at once',
      `Reading, choosing and writing back must be one step. Otherwise two processes choose the same
      bit. Our allocator uses a database transaction: one process works at a time, and the others
      wait.`,
      async () => {
        await host.$`ipam create 192.168.1.0/24`
        await host.$`seq 8 | xargs -P 8 -I {} ipam allocate 192.168.1.0/24 p{}`
        await check(
          'eight processes get eight different addresses',
          output(host)`ipam list 192.168.1.0/24 | cut -d ' ' -f 1 | sort -u | wc -l`,
          shows(/^8$/),
          {
            why: 'Each allocation is one transaction: it reads, chooses and writes while the others wait. Without that, two processes could choose the same bit.',
            question: {
              text: 'Eight processes ask at the same time. How many different addresses do they get?',
              shown: '8',
              other: 'fewer: some choose the same bit',
            },
          },
        )
      },
    )

    await step(
      'A crash between two writes',
      `A process can be killed at any moment. The book's allocator empties its file and then fills it
      again. Ours commits a change completely or not at all.`,
      async () => {
        await host.$`tutorial-ipam allocate 10.0.0.0/24 > /run/book-crash`
        await host.$`tutorial-ipam crash 10.0.0.0/24 || echo killed`
        await host.$`tutorial-ipam allocate 10.0.0.0/24 >> /run/book-crash 2> /dev/null`
        await check(
          "the book's allocator lost its state and gives out the same address again",
          output(host)`uniq -d /run/book-crash`,
          shows(/^10\.0\.0\.1$/),
          {
            why: 'The process emptied the file and was killed before it wrote it again. The state was lost, so the same address was given out twice.',
            question: {
              text: "The book's process dies while it writes its state. What does the next process get?",
              shown: 'the same address again',
              other: 'the next address',
            },
          },
        )
        await host.$`ipam crash 192.168.1.0/24 lost || echo $? > /run/our-crash`
        await host.$`ipam allocate 192.168.1.0/24 next`
        await check(
          'our process was killed too',
          output(host)`cat /run/our-crash`,
          shows(/^137$/),
          {
            why: 'The kernel ended it with SIGKILL: 128 + 9 is 137. It had written the bit, but not committed the transaction.',
            question: {
              text: 'Was our process killed as well, before its commit?',
              shown: 'yes, with exit code 137',
              other: 'no: it ended by itself',
            },
          },
        )
        await check(
          'our unfinished change had no effect: the next process gets .10',
          output(host)`ipam list 192.168.1.0/24`,
          shows('192.168.1.10 next'),
          {
            why: 'Without a commit, the database keeps nothing of the change. So .10 was never given out, and the next process gets it.',
            question: {
              text: 'Our process died before its commit. What does the next one get?',
              shown: '192.168.1.10: the lost change left nothing',
              other: '192.168.1.11: the address .10 is lost',
            },
          },
        )
      },
    )
  },
})
