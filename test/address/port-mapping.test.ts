// Checks published ports: Docker's forms are read, and ambiguous ones are refused.
import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { IpAddress } from '../../lib/address/ip-address.ts'
import { formatPortMapping, parsePortMapping } from '../../lib/address/port-mapping.ts'
import { refuses } from '../helpers/expect.ts'
import { suite } from '../helpers/suite.ts'

const port = fc.integer({ min: 1, max: 65_535 })
const protocol = fc.constantFrom('tcp' as const, 'udp' as const, 'sctp' as const)
const address = fc
  .constantFrom('127.0.0.1', '0.0.0.0', '::1', '2001:db8::1')
  .map((text) => IpAddress.parse(text))
const portRanges = fc.tuple(port, port, fc.nat(2000)).map(([host, container, more]) => {
  const length = Math.min(more, 65_535 - Math.max(host, container))
  return {
    hostPorts: { first: host, last: host + length },
    containerPorts: { first: container, last: container + length },
  }
})

suite('port mapping', (test) => {
  test("Docker's forms", () => {
    for (const [text, shown] of [
      ['80:80', '80:80/tcp'],
      ['127.0.0.1:8080:80/udp', '127.0.0.1:8080:80/udp'],
      ['8000-8010:8000-8010/tcp', '8000-8010:8000-8010/tcp'],
      ['[::1]:80:80', '[::1]:80:80/tcp'],
      ['80', '80/tcp'],
      ['80/sctp', '80/sctp'],
      ['127.0.0.1::80', '127.0.0.1::80/tcp'],
      ['[2001:DB8::0]::80-81', '[2001:db8::]::80-81/tcp'],
      ['7-7:9', '7:9/tcp'],
    ] as const)
      assert.is(formatPortMapping(parsePortMapping(text)), shown)
    assert.equal(parsePortMapping('8080:80/udp'), {
      hostPorts: { first: 8080, last: 8080 },
      containerPorts: { first: 80, last: 80 },
      protocol: 'udp',
    })
  })

  test('every mapping reads back from its text', () => {
    fc.assert(
      fc.property(portRanges, protocol, address, fc.nat(3), (ports, protocol, address, shape) => {
        const { hostPorts, containerPorts } = ports
        const mapping = {
          ...(shape & 1 ? { hostAddress: address } : {}),
          ...(shape & 2 ? { hostPorts } : {}),
          containerPorts,
          protocol,
        }
        const read = parsePortMapping(formatPortMapping(mapping))
        assert.is(JSON.stringify(read), JSON.stringify(mapping))
      }),
    )
  })

  test('a range of host ports for one port, and 0, have a host port chosen', () => {
    assert.equal(parsePortMapping('8000-8010:80').hostPorts, { first: 8000, last: 8010 })
    assert.is(formatPortMapping(parsePortMapping('8000-8010:80')), '8000-8010:80/tcp')
    assert.is(formatPortMapping(parsePortMapping('0:80')), '80/tcp')
    assert.is(formatPortMapping(parsePortMapping('[::]:0:80/udp')), '[::]::80/udp')
  })

  test('malformed mappings are refused', () => {
    const wrong = [
      [
        '',
        ':',
        ':80',
        '::80',
        '80:',
        '0',
        '80:0',
        '0-5:80',
        '65536:80',
        '080:80',
        '-1:80',
        '+80:80',
      ],
      ['80:80/', '80:80/TCP', '80:80/icmp', '80:80/tcp/udp', '80 :80', '80:80\n', '80;reboot'],
      ['8000-8010:80-81', '80-81:80-82', '81-80:81-80', '80-:80', '-80', '80-81-82', '1e3:80'],
      ['::1:80:80', '127.0.0.1:80', '[127.0.0.1]:80:80', '$(id):80', '99999999999999999999'],
      ['80:80:80:80', '127.0.0.1:-:80'],
    ].flat()
    for (const text of wrong) refuses('port-malformed', () => parsePortMapping(text))
    for (const text of ['1:80:80', '[]:80:80', '[::g]:80:80', 'localhost:80:80'])
      refuses('address-malformed', () => parsePortMapping(text))
    refuses('port-malformed', () => Reflect.apply(parsePortMapping, undefined, [80]))
  })
})
