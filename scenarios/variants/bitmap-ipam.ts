// Lists plausible wrong variants of each command of bitmap-ipam: the workshop must never accept one that a later check would refuse.
const own = '192.168.0.0/29'

export default {
  [`host$ ipam create ${own}`]: ['ipam create 192.168.0.0/28', 'ipam create 192.168.0.0/24'],
  [`host$ ipam allocate ${own} web db`]: [
    `ipam allocate ${own} db web`,
    `ipam allocate ${own} web`,
    `ipam allocate ${own} other db`,
    `ipam allocate ${own} web db cache`,
    `ipam allocate ${own} web db; ipam release ${own} web 192.168.0.2`,
  ],
  [`host$ ipam release ${own} web 192.168.0.2`]: [
    'true',
    `ipam release ${own} db 192.168.0.3`,
    `ipam release ${own} web 192.168.0.2; ipam release ${own} db 192.168.0.3`,
  ],
  [`host$ ipam allocate ${own} cache`]: [
    `ipam allocate ${own} Cache`,
    `ipam allocate ${own} cache cache2`,
    `ipam allocate ${own} x; ipam release ${own} x 192.168.0.4; ipam allocate ${own} cache`,
  ],
  [`host$ ipam allocate ${own} a b c`]: [
    `ipam allocate ${own} a b`,
    `ipam allocate ${own} c b a`,
    `ipam allocate ${own} a b c d`,
  ],
  'host$ tutorial-ipam allocate 192.168.0.0/24 256 > /run/book-24': [
    'tutorial-ipam allocate 192.168.0.0/24 255 > /run/book-24',
    'tutorial-ipam allocate 192.168.0.0/24 256',
    'tutorial-ipam allocate 192.168.0.0/24 256 > book-24',
    'ipam create 192.168.2.0/24; ipam allocate 192.168.2.0/24 c{1..9} > /run/book-24',
  ],
  'host$ tutorial-ipam allocate 172.18.0.0/16 2 > /run/book-16': [
    'tutorial-ipam allocate 172.18.0.0/16 1 > /run/book-16',
    'tutorial-ipam allocate 172.18.0.0/16 3 > /run/book-16',
  ],
  'host$ ipam create 172.18.0.0/16': ['ipam create 172.18.0.0/24'],
  'host$ ipam allocate 172.18.0.0/16 c{1..300} > /run/ours-16': [
    'ipam allocate 172.18.0.0/16 c{1..299} > /run/ours-16',
    'ipam allocate 172.18.0.0/16 d{1..300} > /run/ours-16',
    'ipam allocate 172.18.0.0/16 c{1..300}',
  ],
  'host$ ipam create 192.168.1.0/24': ['ipam create 192.168.1.0/25'],
  'host$ seq 8 | xargs -P 8 -I {} ipam allocate 192.168.1.0/24 p{}': [
    'seq 7 | xargs -P 8 -I {} ipam allocate 192.168.1.0/24 p{}',
    'seq 8 | xargs -P 8 -I {} ipam allocate 192.168.1.0/24 q{}',
  ],
  'host$ tutorial-ipam allocate 10.0.0.0/24 > /run/book-crash': [
    'tutorial-ipam allocate 10.0.0.0/24',
    'tutorial-ipam allocate 10.0.0.0/24 2 > /run/book-crash',
  ],
  'host$ tutorial-ipam crash 10.0.0.0/24 || echo killed': [
    'true',
    'tutorial-ipam crash 10.1.0.0/24',
  ],
  'host$ tutorial-ipam allocate 10.0.0.0/24 >> /run/book-crash 2> /dev/null': [
    'tutorial-ipam allocate 10.0.0.0/24 > /run/book-crash 2> /dev/null',
    'true',
  ],
  'host$ ipam crash 192.168.1.0/24 lost || echo $? > /run/our-crash': [
    'ipam allocate 192.168.1.0/24 lost',
    'ipam crash 192.168.1.0/24 lost',
  ],
  'host$ ipam allocate 192.168.1.0/24 next': [
    'ipam allocate 192.168.1.0/24 other',
    'ipam allocate 192.168.1.0/24 first next',
  ],
} satisfies Record<string, readonly string[]>
