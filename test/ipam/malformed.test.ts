// Tries ten thousand malformed inputs: each is refused with a NetdojoError, or is valid and means what it says; none changes
// the state.
import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { AddressRange } from '../../lib/address/address-range.ts'
import { IpAddress } from '../../lib/address/ip-address.ts'
import { parseMacAddress } from '../../lib/address/mac-address.ts'
import { parseName } from '../../lib/address/name.ts'
import { formatPortMapping, parsePortMapping } from '../../lib/address/port-mapping.ts'
import { Subnet } from '../../lib/address/subnet.ts'
import { NetdojoError } from '../../lib/errors.ts'
import { allocateAddress, releaseAddress } from '../../lib/ipam/addresses.ts'
import { createPool } from '../../lib/ipam/pools.ts'
import { removePool } from '../../lib/ipam/pools.ts'
import { openMemoryStore } from '../../lib/store/memory.ts'
import type { Store, Transaction } from '../../lib/store/store.ts'
import { slow } from '../helpers/long.ts'
import { suite } from '../helpers/suite.ts'

const parsers: readonly ((text: string) => string)[] = [
  (text) => `${IpAddress.parse(text)}`,
  (text) => `${Subnet.parse(text)}`,
  (text) => `${AddressRange.parse(text)}`,
  parseMacAddress,
  (text) => parseName('network', text),
  (text) => formatPortMapping(parsePortMapping(text)),
]
const actions: readonly ((transaction: Transaction, text: string) => unknown)[] = [
  (transaction, text) => createPool(transaction, { owner: 'net', subnet: Subnet.parse(text) }),
  (transaction, text) => createPool(transaction, { owner: text, subnet: other }),
  (transaction, text) =>
    createPool(transaction, { owner: 'net', subnet: other, gateway: IpAddress.parse(text) }),
  (transaction, text) =>
    createPool(transaction, { owner: 'net', subnet: other, range: AddressRange.parse(text) }),
  (transaction, text) =>
    createPool(transaction, { owner: 'net', subnet: other, reserved: [AddressRange.parse(text)] }),
  (transaction, text) => allocateAddress(transaction, pool, { owner: text }),
  (transaction, text) =>
    allocateAddress(transaction, pool, { owner: 'e', address: IpAddress.parse(text) }),
  (transaction, text) => allocateAddress(transaction, Subnet.parse(text), { owner: 'e' }),
  (transaction, text) =>
    releaseAddress(transaction, pool, { owner: 'e', address: IpAddress.parse(text) }),
  (transaction, text) => releaseAddress(transaction, pool, { owner: text, address: pool.first }),
  (transaction, text) => removePool(transaction, Subnet.parse(text)),
]
const pool = Subnet.parse('10.0.0.0/24')
const other = Subnet.parse('10.0.1.0/24')

const numRuns = slow ? 10_000 : 2000

suite('malformed input', (test) => {
  test('each text is refused, or reads back as itself', () => {
    let refused = 0
    fc.assert(
      fc.property(fc.constantFrom(...parsers), input(), (parse, text) => {
        const shown = orCode(() => Reflect.apply(parse, undefined, [text]))
        if (shown.refused) refused++
        else assert.is(parse(shown.value), shown.value)
      }),
      { numRuns },
    )
    assert.ok(refused > numRuns / 2, `only ${refused} of ${numRuns} were malformed`)
  })

  test('a refused action changes nothing', async () => {
    await using store = openMemoryStore()
    await store.update((transaction) => createPool(transaction, { owner: 'net', subnet: pool }))
    const before = await dump(store)
    let refused = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...actions), input(), async (act, text) => {
        const undo = new Error('valid after all')
        const outcome = await store
          .update((transaction) => {
            Reflect.apply(act, undefined, [transaction, text])
            throw undo
          })
          .catch((error: unknown) => error)
        if (outcome !== undo && !(outcome instanceof NetdojoError)) throw outcome
        if (outcome !== undo) refused++
        assert.is(await dump(store), before)
      }),
      { numRuns },
    )
    assert.ok(refused > numRuns / 2, `only ${refused} of ${numRuns} were malformed`)
  })
})

/** Random values, texts of dangerous characters, and valid texts with one fault. */
function input(): fc.Arbitrary<unknown> {
  const valid = fc.constantFrom(
    ...'10.0.0.7 10.0.0.0/24 2001:db8::1 fd00::/64 10.0.0.5-10.0.0.9 web-1 [::1]:80:80'.split(' '),
    ...'02:42:ac:11:00:02 127.0.0.1:8080:80/udp 8000-8010:8000-8010'.split(' '),
  )
  const piece = fc.constantFrom(
    '',
    '0',
    '00',
    '9999',
    '/',
    '-',
    ':',
    '.',
    ' ',
    '\n',
    '\0',
    ';',
    '%',
  )
  const more = fc.constantFrom('$(id)', '`id`', '../', 'é', '-1', '1e1', '0x1', '"', "'", '\u202e')
  const spoiled = fc
    .tuple(valid, fc.nat(25), fc.nat(3), fc.oneof(piece, more))
    .map(([text, at, removed, put]) => text.slice(0, at) + put + text.slice(at + removed))
  const dangerous = fc.string({
    unit: fc.constantFrom(...Array.from('0129af.:/-%[] \n\0$;`\'"\\é💥')),
    maxLength: 50,
  })
  return fc.oneof(spoiled, spoiled, dangerous, fc.string({ unit: 'binary' }), fc.anything())
}

function orCode(body: () => string): { readonly refused: boolean; readonly value: string } {
  try {
    return { refused: false, value: body() }
  } catch (error) {
    if (error instanceof NetdojoError) return { refused: true, value: error.code }
    throw error
  }
}

async function dump(store: Store): Promise<string> {
  return store.read((transaction) => JSON.stringify(transaction.records('ipam/')))
}
