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
        )
        await check(
          'each of these addresses is one bit',
          output(host)`ipam bits 192.168.0.0/29`,
          shows('00110000'),
        )
        await check(
          'only the owner of an address can release it',
          output(host)`ipam release 192.168.0.0/29 web 192.168.0.3`,
          fails('db has it'),
        )
      },
    )

    await step(
      'A released address is not given out again at once',
      `Other machines may still have the old owner in their neighbour tables (the tables that map
      addresses to MAC addresses). So the search continues after the last address, and reaches the
      released one later (next fit).`,
      async () => {
        await host.$`ipam release 192.168.0.0/29 web 192.168.0.2`
        await host.$`ipam allocate 192.168.0.0/29 cache`
        await check(
          'cache gets the next address, not the one that was just released',
          output(host)`ipam list 192.168.0.0/29`,
          shows('192.168.0.4 cache'),
        )
        await check(
          'the bit of the released address is 0',
          output(host)`ipam bits 192.168.0.0/29`,
          shows('00011000'),
        )
      },
    )

    await step(
      'When all addresses are in use',
      `Three addresses are left. After that, the allocator must report an error, because any address
      that it gives out would be wrong.`,
      async () => {
        await host.$`ipam allocate 192.168.0.0/29 a b c`
        await check(
          'a request for one more address is refused',
          output(host)`ipam allocate 192.168.0.0/29 d`,
          fails('in use or reserved'),
        )
        await check(
          'the network, gateway and broadcast addresses were not given out',
          output(host)`ipam bits 192.168.0.0/29`,
          shows('00111110'),
        )
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
        )
        await check(
          "the book's 256th address is the address of the network",
          output(host)`sed -n 256p /run/book-24`,
          shows(/^192\.168\.0\.0$/),
        )
        await host.$`tutorial-ipam allocate 172.18.0.0/16 2 > /run/book-16`
        await check(
          "in a /16, the book's allocator gives out the same address twice",
          output(host)`uniq -d /run/book-16`,
          shows(/^172\.18\.0\.1$/),
        )
        await host.$`ipam create 172.18.0.0/16`
        await host.$`ipam allocate 172.18.0.0/16 c{1..300} > /run/ours-16`
        await check(
          'our allocator gives out 300 different addresses',
          output(host)`cut -d ' ' -f 1 /run/ours-16 | sort -u | wc -l`,
          shows(/^300$/),
        )
        await check(
          'our allocator carries: 172.18.1.0 comes after 172.18.0.255',
          output(host)`sed -n 255p /run/ours-16`,
          shows('172.18.1.0 c255'),
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
        )
        await host.$`ipam crash 192.168.1.0/24 lost || echo $? > /run/our-crash`
        await host.$`ipam allocate 192.168.1.0/24 next`
        await check('our process was killed too', output(host)`cat /run/our-crash`, shows(/^137$/))
        await check(
          'our unfinished change had no effect: the next process gets .10',
          output(host)`ipam list 192.168.1.0/24`,
          shows('192.168.1.10 next'),
        )
      },
    )
  },
})
