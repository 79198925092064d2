// Checks that texts of two runs become the same, that two values stay two, and that a scenario's own values stay.
import * as assert from 'uvu/assert'
import { fenced } from '../../../../lib/scenario/render/markdown/page.ts'
import { steadyText } from '../../../../lib/scenario/render/markdown/steady-text.ts'
import { suite } from '../../../helpers/suite.ts'

const runs: readonly (readonly [what: string, ...sayings: string[]])[] = [
  [
    'MAC addresses',
    'link/ether 3e:60:60:9c:96:13 brd ff:ff:ff:ff:ff:ff',
    'link/ether 6e:f5:da:a1:83:b9 brd ff:ff:ff:ff:ff:ff',
  ],
  [
    'ids, and the names that begin with them',
    'ip netns add nd-web-e417b351; runc run e417b35118483a01; ndv1f527a311f00 of 1f527a311f00843f',
    'ip netns add nd-web-5ddce56d; runc run 5ddce56d124b021a; ndv0b6c5863e9b9 of 0b6c5863e9b97bbc',
  ],
  [
    'connections',
    'tcp      6 119 TIME_WAIT src=172.18.0.2 sport=41940 dport=80 dport=41940 mark=0\nconntrack v1.4.7 (conntrack-tools): 1 flow entries have been shown.\n',
    'tcp      6 88 TIME_WAIT src=172.18.0.2 sport=59694 dport=80 dport=59694 mark=0\nconntrack v1.4.8 (conntrack-tools): 1 flow entries have been shown.\n',
  ],
  ['echoes', 'ICMP echo request, id 73, seq 1', 'ICMP echo request, id 1170, seq 1'],
  ['other ends', 'eth0@if7         UP', 'eth0@if12        UP'],
  ['neighbours', '198.51.100.1 dev veth1 INCOMPLETE', '198.51.100.1 dev veth1 FAILED'],
  [
    'routes of cables that came up just now',
    '172.18.0.0/24 dev veth0 scope link src 172.18.0.2 linkdown \n',
    '172.18.0.0/24 dev veth0 scope link src 172.18.0.2 \n',
  ],
  ['groups of control', 'runc --root /run --rootless=true run x', 'runc --root /run run x'],
  [
    'devices of modules',
    'lo               DOWN\nsit0@NONE        DOWN 0.0.0.0\nveth0 UP\n',
    'lo               DOWN\nveth0 UP\n',
  ],
]

suite('steady text', (test) => {
  for (const [what, one = '', other = ''] of runs)
    test(what, () => {
      assert.is.not(one, other)
      assert.is(steadyText()(one), steadyText()(other))
    })

  test('two values stay two, and one stays one', () => {
    const steady = steadyText()
    const [first, second] = [steady('3e:60:60:9c:96:13'), steady('6e:f5:da:a1:83:b9')]
    assert.is(first, '00:00:5e:00:53:01')
    assert.is(second, '00:00:5e:00:53:02')
    assert.is(steady('ARP 3e:60:60:9c:96:13'), 'ARP 00:00:5e:00:53:01')
    assert.is.not(steady('sport=41940'), steady('sport=41941'))
    const id = steady('e417b35118483a01')
    assert.is(steady('nd-web-e417b351'), `nd-web-${id.slice(0, 8)}`)
  })

  test('values that the scenario chose stay', () => {
    const lines = [
      '02:00:00:00:00:01 dev veth1 master br0',
      'curl http://203.0.113.2:8080/',
      'tcp dport=80',
      'ip link set veth0 netns ns1',
      '2001:db8:113::/64 dev eth0',
      'create element inet netdojo ports4any { tcp . 80 : 192.168.0.2 . 80 }',
    ]
    for (const line of lines) assert.is(steadyText()(line), line)
  })

  test('no fence in a block of code closes it', () => {
    assert.is(fenced('a\n```\nb\n', 'sh'), '````sh\na\n```\nb\n````')
    assert.is(fenced('a', 'sh'), '```sh\na\n```')
  })
})
