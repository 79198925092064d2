// bitmap-ipam: who gives out the addresses. One bit an address, and what it takes that none is ever given twice.
import { fails, output, scenario, shows } from '../lib/scenario/index.ts'

export default scenario({
  name: 'bitmap-ipam',
  title: 'Who gives out the addresses, and never one twice',
  about: `
    Until now we chose the addresses. A container engine chooses them itself (IPAM, IP address
    management): it must remember what it gave, over restarts, crashes and many processes at once.

    One bit an address is enough: 0 is free, 1 is in use. A /16 is 8 KiB. Next to ours runs the
    allocator of a well-known book on writing Docker in Go (tutorial-ipam, a model of it), to
    see where one goes wrong.`,
  topology: `
    192.168.0.0/29

      bit     0        1        2    3    4    5    6        7
           +--------+--------+----+----+----+----+----+-----------+
           | .0     | .1     | .2 | .3 | .4 | .5 | .6 | .7        |
           +--------+--------+----+----+----+----+----+-----------+
            network  gateway   to be given to containers broadcast`,

  async play({ host, step, check }) {
    await step(
      'One bit an address',
      `The first address names the network, the last is broadcast, and the gateway is the host's: they
      are never given.`,
      async () => {
        await host.$`ipam create 192.168.0.0/29`
        await host.$`ipam allocate 192.168.0.0/29 web db`
        await check(
          'two are given',
          output(host)`ipam list 192.168.0.0/29`,
          shows('192.168.0.3 db'),
        )
        await check('each is a bit', output(host)`ipam bits 192.168.0.0/29`, shows('00110000'))
        await check(
          'only its owner can give one back',
          output(host)`ipam release 192.168.0.0/29 web 192.168.0.3`,
          fails('db has it'),
        )
      },
    )

    await step(
      'Given back, but not given again at once',
      `Others may still have the old owner in their neighbour tables, so the search goes on where it
      stopped, and comes round later (next fit).`,
      async () => {
        await host.$`ipam release 192.168.0.0/29 web 192.168.0.2`
        await host.$`ipam allocate 192.168.0.0/29 cache`
        await check(
          'the next one is given, not the one that was just given back',
          output(host)`ipam list 192.168.0.0/29`,
          shows('192.168.0.4 cache'),
        )
        await check('its bit is 0', output(host)`ipam bits 192.168.0.0/29`, shows('00011000'))
      },
    )

    await step(
      'When there are no more',
      'Three are left. Then the answer is an error: anything else would be a wrong address.',
      async () => {
        await host.$`ipam allocate 192.168.0.0/29 a b c`
        await check(
          'one more is refused',
          output(host)`ipam allocate 192.168.0.0/29 d`,
          fails('in use or reserved'),
        )
        await check(
          'network, gateway and broadcast were not touched',
          output(host)`ipam bits 192.168.0.0/29`,
          shows('00111110'),
        )
      },
    )

    await step(
      "The book's answers",
      `It counts octets by hand: 255 + 1 is 0, without a carry. And it reads its state back in one read
      of 2,000 bytes: a /16 is 65,536 characters there, so the rest is lost.`,
      async () => {
        await host.$`tutorial-ipam allocate 192.168.0.0/24 256 > /run/book-24`
        await check(
          'its 255th answer is the broadcast address',
          output(host)`sed -n 255p /run/book-24`,
          shows(/^192\.168\.0\.255$/),
        )
        await check(
          'and its 256th the address of the network',
          output(host)`sed -n 256p /run/book-24`,
          shows(/^192\.168\.0\.0$/),
        )
        await host.$`tutorial-ipam allocate 172.18.0.0/16 2 > /run/book-16`
        await check(
          'in a /16 it gives the same address twice',
          output(host)`uniq -d /run/book-16`,
          shows(/^172\.18\.0\.1$/),
        )
        await host.$`ipam create 172.18.0.0/16`
        await host.$`ipam allocate 172.18.0.0/16 c{1..300} > /run/ours-16`
        await check(
          'ours gives 300 different ones',
          output(host)`cut -d ' ' -f 1 /run/ours-16 | sort -u | wc -l`,
          shows(/^300$/),
        )
        await check(
          'and carries: after .0.255 comes .1.0',
          output(host)`sed -n 255p /run/ours-16`,
          shows('172.18.1.0 c255'),
        )
      },
    )

    await step(
      'Many at once',
      `Reading, choosing and writing back must be one step, or two processes choose the same bit. Ours
      is a transaction of a database: one process at a time, the others wait.`,
      async () => {
        await host.$`ipam create 192.168.1.0/24`
        await host.$`seq 8 | xargs -P 8 -I {} ipam allocate 192.168.1.0/24 p{}`
        await check(
          'eight processes have eight addresses',
          output(host)`ipam list 192.168.1.0/24 | cut -d ' ' -f 1 | sort -u | wc -l`,
          shows(/^8$/),
        )
      },
    )

    await step(
      'A crash between two writes',
      `A process can be killed at any moment. The book empties its file and then fills it again; ours
      commits all of a change or nothing.`,
      async () => {
        await host.$`tutorial-ipam allocate 10.0.0.0/24 > /run/book-crash`
        await host.$`tutorial-ipam crash 10.0.0.0/24 || echo killed`
        await host.$`tutorial-ipam allocate 10.0.0.0/24 >> /run/book-crash 2> /dev/null`
        await check(
          'the book has forgotten everything, and gives the same address again',
          output(host)`uniq -d /run/book-crash`,
          shows(/^10\.0\.0\.1$/),
        )
        await host.$`ipam crash 192.168.1.0/24 lost || echo $? > /run/our-crash`
        await host.$`ipam allocate 192.168.1.0/24 next`
        await check('ours was killed too', output(host)`cat /run/our-crash`, shows(/^137$/))
        await check(
          'but what was not finished never happened: .10 is still to be had',
          output(host)`ipam list 192.168.1.0/24`,
          shows('192.168.1.10 next'),
        )
      },
    )
  },
})
