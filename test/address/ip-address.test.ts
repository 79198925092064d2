// Checks addresses: each has one text form, and texts that other programs read differently are refused.
import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { addressBits, IpAddress } from '../../lib/address/ip-address.ts'
import { refuses } from '../helpers/expect.ts'
import { suite } from '../helpers/suite.ts'

const anyAddress = fc
  .constantFrom(4 as const, 6 as const)
  .chain((family) =>
    fc
      .bigInt(0n, (1n << BigInt(addressBits(family))) - 1n)
      .map((value) => new IpAddress(family, value)),
  )

suite('ip address', (test) => {
  test('every address reads back from its text', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        assert.ok(IpAddress.parse(`${address}`).equals(address))
      }),
    )
  })

  test('all the ways to write an IPv6 address give the form of RFC 5952', () => {
    for (const text of ['2001:DB8:0:0:0:0:0:1', '2001:0db8::0001', '2001:db8::0.0.0.1'])
      assert.is(`${IpAddress.parse(text)}`, '2001:db8::1')
    assert.is(`${IpAddress.parse('2001:0:0:1:0:0:0:1')}`, '2001:0:0:1::1')
    assert.is(`${IpAddress.parse('2001:db8:0:1:1:1:1:1')}`, '2001:db8:0:1:1:1:1:1')
  })

  test('texts that other programs refuse, or read as another address, are refused', () => {
    const wrong = [
      ['', ' ', '1', '1.2.3', '1.2.3.4.5', '256.1.1.1', '1.2.3.-4', '0x7f.0.0.1', '1.2.3.4 '],
      ['010.0.0.1', '10.0.0.08', '10.00.0.1', '10.0.0.1/24', '١.2.3.4', '1..2.3', '1.2.3.4\n'],
      [':', ':::', '1::2::3', '12345::', '::g', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '[::1]'],
      ['fe80::1%eth0', '::1/128', '::ffff:010.0.0.1', '::1.2.3', 'localhost', '*', '::*'],
    ].flat()
    for (const text of wrong) refuses('address-malformed', () => IpAddress.parse(text))
    for (const value of [undefined, null, 7, {}, ['1.2.3.4'], Symbol('s'), 1n])
      refuses('address-malformed', () =>
        Reflect.apply((text: string) => IpAddress.parse(text), undefined, [value]),
      )
  })

  test('an error message is one bounded line of printable ASCII for any input', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const error = refuses('address-malformed', () => IpAddress.parse(`x${text}`))
        assert.match(error.message, /^[\x20-\x7e…]{1,600}$/)
      }),
    )
  })

  test('arithmetic carries over octets and stops at the ends of the family', () => {
    assert.is(`${IpAddress.parse('10.0.0.255').plus(1n)}`, '10.0.1.0')
    assert.is(`${IpAddress.parse('10.1.0.0').plus(-1n)}`, '10.0.255.255')
    assert.is(`${IpAddress.parse('2001:db8::ffff').plus(1n)}`, '2001:db8::1:0')
    refuses('address-out-of-range', () => IpAddress.parse('255.255.255.255').plus(1n))
    refuses('address-out-of-range', () => IpAddress.parse('::').plus(-1n))
  })

  test('order is by family and number, not by text', () => {
    const sorted = ['10.0.0.10', '::1', '10.0.0.9', '9.0.0.0']
      .map((text) => IpAddress.parse(text))
      .toSorted((a, b) => a.compare(b))
    assert.is(sorted.join(' '), '9.0.0.0 10.0.0.9 10.0.0.10 ::1')
    assert.is(IpAddress.parse('::1').compare(IpAddress.parse('::1')), 0)
    assert.not(IpAddress.parse('0.0.0.1').equals(IpAddress.parse('::1')))
  })

  test('in JSON an address is its text', () => {
    assert.is(JSON.stringify({ address: IpAddress.parse('10.0.0.1') }), '{"address":"10.0.0.1"}')
  })
})
