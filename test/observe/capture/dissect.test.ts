// Headers of real frames, and addresses of IPv6 as the kernel's tools write them.
import * as assert from 'uvu/assert'
import { addressText } from '../../../lib/address/address-text.ts'
import { dissectFrame } from '../../../lib/observe/capture/dissect.ts'
import { suite } from '../../helpers/suite.ts'

const ethernet = 1

function address(hex: string): string {
  return addressText(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}

suite('dissect', (test) => {
  test('an IGMP report with options in its header', () => {
    const frame =
      '01005e000016a62bd081c36a080046c0002800004000010257e6ac120001e0000016940400002200f9930000000104000000e000006a'
    const { sourceMac, ip } = dissectFrame(Buffer.from(frame, 'hex'), ethernet)
    assert.is(sourceMac, 'a6:2b:d0:81:c3:6a')
    assert.equal(
      [ip?.source, ip?.destination, ip?.protocol, ip?.ttl, ip?.dontFragment],
      ['172.18.0.1', '224.0.0.22', '2', 1, true],
    )
  })

  test('a neighbour solicitation', () => {
    const frame =
      '3333ff2d90da5e53532d90da86dd6000000000203aff00000000000000000000000000000000ff0200000000000000000001ff2d90da870088b800000000fe800000000000005c5353fffe2d90da0e01829512f77f76'
    const { ip } = dissectFrame(Buffer.from(frame, 'hex'), ethernet)
    assert.equal(
      [ip?.family, ip?.source, ip?.destination, ip?.icmp?.name, ip?.icmp?.neighbour],
      [6, '::', 'ff02::1:ff2d:90da', 'neighbour solicitation', 'fe80::5c53:53ff:fe2d:90da'],
    )
  })

  test('what is too short, or of no known kind, is no packet', () => {
    assert.is(dissectFrame(Buffer.alloc(5), ethernet).ip, undefined)
    assert.is(dissectFrame(Buffer.alloc(60), ethernet).ip, undefined)
  })

  test('IPv6 addresses: the longest run of zeros, and only one', () => {
    assert.is(address('20010db8 00000000 00000000 00000001'), '2001:db8::1')
    assert.is(address('20010db8 00000001 00000000 00000001'), '2001:db8:0:1::1')
    assert.is(address('00000000 00000000 00000000 00000000'), '::')
    assert.is(address('00000000 00000000 00000000 00000001'), '::1')
    assert.is(address('fe800000 00000000 00000000 00000000'), 'fe80::')
    assert.is(address('00010002 00030004 00050006 00070008'), '1:2:3:4:5:6:7:8')
    assert.is(address('00010000 00030000 00050000 00070000'), '1:0:3:0:5:0:7:0')
  })
})
