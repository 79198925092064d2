// Checks MAC addresses and names: only those that are safe for the kernel, a path and a shell are accepted.
import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { macAddressFor, parseMacAddress } from '../../lib/address/mac-address.ts'
import { parseHostName, parseName } from '../../lib/address/name.ts'
import { refuses } from '../helpers/expect.ts'
import { suite } from '../helpers/suite.ts'

suite('names and MAC addresses', (test) => {
  test('MAC addresses are read in both cases; one that no interface may have is refused', () => {
    assert.is(parseMacAddress('02:42:AC:11:00:0f'), '02:42:ac:11:00:0f')
    const wrong = ['02:42:ac:11:00', '02:42:ac:11:00:02:03', '02-42-ac-11-00-02', '0:1:2:3:4:5', '']
    const unusable = ['ff:ff:ff:ff:ff:ff', '01:00:5e:00:00:01', '00:00:00:00:00:00']
    for (const text of [...wrong, ...unusable, '02:42:ac:11:00:0g', '02:42:ac:11:00:02\n'])
      refuses('mac-malformed', () => parseMacAddress(text))
    refuses('mac-malformed', () => Reflect.apply(parseMacAddress, undefined, [2]))
  })

  test('a made MAC address is valid, locally administered, and the same for the same seed', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const made = macAddressFor(seed)
        assert.is(parseMacAddress(made), made)
        assert.is(Number.parseInt(made.slice(0, 2), 16) & 3, 2)
        assert.is(macAddressFor(seed), made)
      }),
    )
    assert.is.not(macAddressFor('a'), macAddressFor('b'))
  })

  test('a network name cannot leave the state directory (the tutorial does not check names)', () => {
    const right = ['a', '9', 'web', 'Web_1.x-y', 'a..b', 'x'.repeat(63)]
    for (const text of right) assert.is(parseName('network', text), text)
    const wrong = [
      '',
      '.',
      '..',
      '../etc',
      'a/b',
      '/etc',
      '-n',
      '_a',
      'a b',
      'a\nb',
      'a\n',
      'ä',
      'a\0',
    ]
    for (const text of [...wrong, '$(id)', 'x'.repeat(64)])
      refuses('name-malformed', () => parseName('network', text))
    refuses('name-malformed', () => Reflect.apply(parseName, undefined, ['network', {}]))
  })

  test('a container is not called like the machine, its host or an address, and a network may be', () => {
    const wrong = ['localhost', 'LOCALHOST', 'localhost.localdomain', 'localhost6', 'a.localhost']
    const others = ['ip6-localhost', 'ip6-loopback', 'ip6-allnodes', 'host.docker.internal']
    const addresses = ['10.0.0.1', '127.1', '10', '0x7f.1', '1.2.3.4.']
    for (const name of [...wrong, ...others, ...addresses]) {
      refuses('name-malformed', () => parseName('container', name))
      refuses('name-malformed', () => parseHostName(name))
      assert.is(parseName('network', name), name)
    }
    for (const name of ['web', 'localhosts', '10a', '1.2.3.4.5', 'my-localhost', 'host.docker'])
      assert.is(parseName('container', name), name)
  })
})
