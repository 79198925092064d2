// Checks subnets and ranges: their ends, their members, and the refusal of malformed ones.
import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { AddressRange } from '../../lib/address/address-range.ts'
import { addressBits, IpAddress } from '../../lib/address/ip-address.ts'
import { Subnet } from '../../lib/address/subnet.ts'
import { refuses } from '../helpers/expect.ts'
import { suite } from '../helpers/suite.ts'

const smallSubnet = fc
  .tuple(fc.nat(63), fc.integer({ min: 26, max: 32 }))
  .map(([host, length]) => Subnet.containing(IpAddress.parse(`10.0.0.${host}`), length))

suite('subnet', (test) => {
  test('a subnet knows its ends and its size', () => {
    const subnet = Subnet.parse('172.18.0.0/16')
    assert.is(`${subnet.first} ${subnet.last} ${subnet.size}`, '172.18.0.0 172.18.255.255 65536')
    assert.is(Subnet.parse('2001:db8::/64').size, 1n << 64n)
    assert.is(`${Subnet.parse('0.0.0.0/0').last}`, '255.255.255.255')
    assert.is(`${Subnet.parse('10.0.0.1/32').last}`, '10.0.0.1')
  })

  test('an address inside a subnet is refused, and the error names the subnet that was meant', () => {
    const cases = [
      ['192.168.0.7/24', '192.168.0.0/24'],
      ['10.1.2.3/8', '10.0.0.0/8'],
      ['2001:db8::1/64', '2001:db8::/64'],
    ] as const
    for (const [text, meant] of cases) {
      const error = refuses('subnet-host-bits', () => Subnet.parse(text))
      assert.match(error.toText(), meant)
    }
  })

  test('malformed subnets are refused', () => {
    const wrong = ['10.0.0.0', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/-1', '::/129']
    for (const text of [...wrong, '10.0.0.0/24/24', '10.0.0.0/2.5', '10.0.0.0/ 8', '/8x', ''])
      refuses('subnet-malformed', () => Subnet.parse(text))
    refuses('address-malformed', () => Subnet.parse('10.0.0/8'))
    refuses('address-malformed', () => Subnet.parse('/8'))
    refuses('subnet-malformed', () =>
      Reflect.apply((text: string) => Subnet.parse(text), undefined, [7]),
    )
    refuses('subnet-malformed', () => Subnet.containing(IpAddress.parse('10.0.0.1'), 33))
  })

  test('contains and overlaps agree with a comparison of single addresses', () => {
    const all = Array.from({ length: 64 }, (_, host) => IpAddress.parse(`10.0.0.${host}`))
    fc.assert(
      fc.property(smallSubnet, smallSubnet, (a, b) => {
        const held = all.filter((address) => a.contains(address))
        const shared = held.filter((address) => b.contains(address))
        assert.is(BigInt(held.length), a.size)
        assert.is(a.overlaps(b), shared.length > 0)
        assert.is(b.contains(a), shared.length === held.length)
      }),
    )
    assert.not(Subnet.parse('::/0').overlaps(Subnet.parse('0.0.0.0/0')))
  })

  test('the subnet of an interface address contains the address', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, (1n << 128n) - 1n), fc.nat(128), (value, length) => {
        const address = new IpAddress(6, value)
        const subnet = Subnet.containing(address, length)
        assert.ok(subnet.contains(address))
        assert.ok(Subnet.parse(`${subnet}`).equals(subnet))
        assert.is(subnet.size, 1n << BigInt(addressBits(6) - length))
      }),
    )
  })

  test('a range is read from an address, from two ends and from a subnet', () => {
    for (const [text, shown] of [
      ['10.0.0.9', '10.0.0.9'],
      ['10.0.0.8-10.0.0.15', '10.0.0.8-10.0.0.15'],
      ['10.0.0.8/29', '10.0.0.8-10.0.0.15'],
      ['2001:db8::-2001:db8::f', '2001:db8::-2001:db8::f'],
    ] as const)
      assert.is(`${AddressRange.parse(text)}`, shown)
    const range = AddressRange.parse('10.0.0.8-10.0.0.15')
    const held = ['10.0.0.7', '10.0.0.8', '10.0.0.15', '10.0.0.16', '::8'].filter((text) =>
      range.contains(IpAddress.parse(text)),
    )
    assert.equal(held, ['10.0.0.8', '10.0.0.15'])
  })

  test('a range is refused if it is reversed, mixes two families or has three ends', () => {
    for (const text of ['10.0.0.9-10.0.0.8', '10.0.0.1-::1', '10.0.0.1-10.0.0.2-10.0.0.3'])
      refuses('range-malformed', () => AddressRange.parse(text))
    refuses('address-malformed', () => AddressRange.parse('10.0.0.1-'))
    refuses('subnet-host-bits', () => AddressRange.parse('10.0.0.9/29'))
    refuses('range-malformed', () =>
      Reflect.apply((text: string) => AddressRange.parse(text), undefined, [7]),
    )
  })
})
