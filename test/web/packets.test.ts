// The packet mode in a real Chromium: the list, the picture, the hop panel and the line show the same hop, forward and back; a dropped
// packet stays where it was dropped; and all of it works by the keyboard alone and without motion.
import * as assert from 'uvu/assert'
import type { Locator, Page } from 'playwright-core'
import { browserSuite, pageWith, type OpenTab } from '../helpers/browser.ts'
import { recordingOf } from '../helpers/case-recording.ts'
import { caseOf, type caseNames } from '../helpers/page-cases.ts'

type Name = (typeof caseNames)[number]

browserSuite('packets', (test, open) => {
  test('each hop is shown in four places, forward and back', async () => {
    await using followed = await follow(open, 'dnat')
    const { page } = followed
    const count = await hops(page).count()
    assert.ok(count > 10, String(count))
    const seen: string[] = []
    for (let at = 0; at < count; at += 1) {
      await current(page, at)
      seen.push(await text(page.locator('.hop.here')))
      assert.is(await page.locator('.packet-line .dot.here').count(), 1)
      assert.match(await text(page.locator('[role=tab][aria-selected=true]')), `Hop ${at + 1}`)
      if (at < count - 1) await page.keyboard.press('ArrowRight')
    }
    assert.ok(
      seen.some((line) => line.includes('DNAT: destination 172.18.0.2')),
      seen.join('\n'),
    )
    for (let at = count - 1; at > 0; at -= 1) {
      await current(page, at)
      assert.is(await text(page.locator('.hop.here')), seen[at])
      await page.keyboard.press('ArrowLeft')
    }
    await current(page, 0)
  })

  test('DNAT is seen before and after: in the label, the header and the bytes', async () => {
    await using followed = await follow(open, 'dnat')
    const { page } = followed
    await page.locator('.hop', { hasText: 'PREROUTING' }).locator('button').click()
    await page.locator('.net .label .old', { hasText: '203.0.113.2:80' }).waitFor()
    assert.is(await text(page.locator('.net .label .new')), '172.18.0.2:80')
    assert.match(await text(page.locator('.hop-panel .header del').first()), '203.0.113.2:80')
    const bytes = await text(page.locator('.hop-panel .bytes'))
    assert.match(bytes, 'cb 00 71 02')
    assert.match(bytes, 'ac 12 00 02')
    assert.is(await page.locator('.net .pill.met').count(), 1)
    assert.match(await text(page.locator('.strip .here')), 'PREROUTING')
  })

  test('the envelope is where the picture has the hop, and its way is drawn behind it', async () => {
    await using followed = await follow(open, 'dnat')
    const { page } = followed
    const places = new Set<string>()
    for (const device of ['in', 'out'])
      for (const row of await page
        .locator('.hop', { has: page.locator(`.what >> text="${device}"`) })
        .all()) {
        await row.locator('button').click()
        await page
          .locator('.hop.here', { has: page.locator(`.what >> text="${device}"`) })
          .waitFor()
        places.add((await page.locator('.net .packet').getAttribute('data-at')) ?? '')
      }
    assert.ok(places.size >= 3, [...places].join(', '))
    assert.ok(!places.has('0 0'))
    assert.is(await page.locator('.net .trail path').count(), 1)
  })

  test('a dropped packet stops where it was dropped, with its sentence, its evidence and its buttons', async () => {
    await using followed = await follow(open, 'dropped')
    const { page } = followed
    await page.keyboard.press('End')
    await page.locator('.hop.here.dead').waitFor()
    assert.match(await text(page.locator('.hop.here')), '✗ FORWARD')
    assert.match(await text(page.locator('.hop-panel h2')), 'host dropped it: a rule drops it')
    assert.match(await text(page.locator('.hop-panel')), 'iptables -A FORWARD -p icmp -j DROP')
    assert.is(await page.locator('.net .envelope.dead').count(), 1)
    assert.is(await page.locator('.net .node.ended').count(), 1)
    assert.match(await text(page.locator('.net .label')), 'Ended here')
    assert.ok((await page.locator('.strip .never').count()) > 1)
    const buttons = page.locator('.hop-panel .tries button')
    // A recording has no second network: no command is tried.
    assert.equal(await buttons.allTextContents(), ['Show the rule', 'Show the counter'])
    await page.keyboard.press('ArrowRight')
    assert.is(await page.locator('.hop.here.dead').count(), 1, 'there is no next hop')
    await buttons.first().click()
    await page.locator('.table-tab .wanted', { hasText: 'DROP' }).waitFor()
  })

  test('a drop in the routing decision has a row, a station and a place of its own', async () => {
    await using followed = await follow(open, 'forwarding-off')
    const { page } = followed
    await page.keyboard.press('End')
    await page.locator('.hop.here.dead').waitFor()
    assert.match(await text(page.locator('.hop.here')), '✗ route')
    assert.match(await text(page.locator('.strip .ended')), 'routing')
    assert.equal(await page.locator('.strip .never .name').allTextContents(), [
      'FORWARD',
      'POSTROUTING',
      'out',
    ])
    assert.match(await text(page.locator('.net')), 'no packet came this far')
  })

  test('the next hop is asked before it is shown; a wrong guess is grey, and counts', async () => {
    await using followed = await follow(open, 'dnat')
    const { page } = followed
    await page.locator('.asking input').check()
    await current(page, 0)
    assert.is(await hops(page).count(), 1, 'what comes is hidden')
    await page.keyboard.press('ArrowRight')
    const card = page.locator('.hop-question')
    await card.waitFor()
    assert.match(await text(card), 'What does outside do with it next?')
    assert.is(await hops(page).count(), 1)
    assert.ok((await page.locator('.strip .later .name', { hasText: '?' }).count()) > 0)
    await page.keyboard.press('1')
    await page.locator('.hop.here .guess').waitFor()
    assert.match(await text(page.locator('.guess')), 'Not so:')
    assert.is(await page.locator('.guess.ok, .packet-story .fail').count(), 0)
    await current(page, 1)
    await page.keyboard.press('ArrowRight')
    await card.or(page.locator('.hop.here:nth-child(3)')).first().waitFor()
    assert.match(await text(card), '0 of 1 foreseen')
    await page.keyboard.press('1')
    assert.match(await text(page.locator('.guess.ok')), 'Right')
  })

  test('a flood is one envelope with its count', async () => {
    await using followed = await follow(open, 'flood')
    const { page } = followed
    assert.is(await text(page.locator('.net .packet .times')), '× 400')
    assert.match(await text(page.locator('.packet-section .times')), '× 400')
    assert.match(await text(page.locator('.packet-section .note')), '400 packets of this kind')
    assert.equal(await page.locator('.chips button').allTextContents(), ['all 800', 'ICMP 800'])
  })

  test('a packet that is refused arrives, and so does the answer that says so', async () => {
    await using followed = await follow(open, 'refused')
    const { page } = followed
    await page.keyboard.press('End')
    await page.locator('.hop.here.dead', { hasText: 'nothing listens there' }).waitFor()
    assert.match(await text(page.locator('.hop-panel h2')), 'ns2 refused it')
    assert.is(await page.locator('.packet-line', { hasText: 'did not go' }).count(), 0)
    await page.keyboard.press('ArrowRight')
    await page.locator('.packet-section', { hasText: 'RST' }).locator('.hop.here').waitFor()
  })

  test('the filter shows one protocol, and further packets are shown on demand', async () => {
    await using followed = await follow(open, 'dnat')
    const { page } = followed
    assert.is(await page.locator('.packet-section').count(), 2)
    await page.locator('.packet-story .more').click()
    await page.locator('.packet-section').nth(2).waitFor()
    await page.keyboard.press('/')
    assert.is(await page.evaluate(() => document.activeElement?.textContent), 'all 10')
    await page.locator('.chips button', { hasText: 'TCP' }).click()
    assert.is(await page.locator('.chips [aria-pressed=true]').textContent(), 'TCP 10')
  })

  test('it plays by itself and pauses, and the envelope moves', async () => {
    await using followed = await follow(open, 'neighbours')
    const { page } = followed
    // A slow browser may draw nothing while the envelope moves: the move itself is noted.
    await page.evaluate(() => {
      // oxlint-disable-next-line typescript/unbound-method -- called with its element below
      const { animate } = Element.prototype
      Element.prototype.animate = function noted(...given) {
        if (this.matches('.packet')) document.body.dataset.moved = 'yes'
        return animate.apply(this, given)
      }
    })
    await page.getByRole('button', { name: 'Speed' }).click()
    await play(page)
    await page.locator('body[data-moved=yes]').waitFor()
    await page.keyboard.press(' ')
    await page.getByRole('button', { name: 'Play' }).waitFor()
  })

  test('without motion it plays to the end, and nothing moves', async () => {
    await using followed = await follow(open, 'neighbours', 'reduce')
    const { page } = followed
    await play(page)
    await page.locator('.packet-controls .where', { hasText: 'the last' }).waitFor()
    await page.getByRole('button', { name: 'Play' }).waitFor()
    assert.is(await page.evaluate(() => document.getAnimations().length), 0)
  })

  test('the arrow keys walk the picture from node to device to wire, and leave the packet where it is', async () => {
    await using followed = await follow(open, 'dnat')
    const { page } = followed
    await page.locator('.network .view').focus()
    const details = page.locator('.network .details')
    for (const [key, words] of [
      ['ArrowRight', 'ns1:'],
      ['ArrowDown', 'ns1/eth0'],
      ['ArrowDown', 'ns1/eth0 to host/veth1'],
      ['ArrowDown', 'host/veth1'],
      ['ArrowRight', 'host/veth2'],
      ['ArrowUp', 'host:'],
    ] as const) {
      await page.keyboard.press(key)
      await details.filter({ hasText: words }).waitFor()
    }
    assert.is(await page.locator('.net .walked').count(), 1)
    await current(page, 0)
    await page.keyboard.press('Escape')
    await details.waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.locator('.packet-story').waitFor({ state: 'detached' })
  })

  test('a screen reader gets the network as a list, and the current hop', async () => {
    await using followed = await follow(open, 'tunnel')
    const { page } = followed
    const sentences = await page
      .getByRole('list', { name: 'The network' })
      .getByRole('listitem')
      .allTextContents()
    assert.ok(
      sentences.some((line) => line.startsWith('host:') && line.includes('vx0')),
      sentences.join('\n'),
    )
    assert.is(await page.locator('[aria-current=step]').count(), 1)
    await page.locator('.hop', { hasText: 'into the tunnel' }).locator('button').click()
    await page.locator('.net .envelope .outer').waitFor()
    assert.match(await text(page.locator('.net .label')), 'in a packet 203.0.113.2')
  })
})

type FollowedCase = AsyncDisposable & { readonly page: Page }

const addresses = new Map<Name, Promise<string>>()

/** The page with the packets of a case opened; without errors when it is closed. */
async function follow(
  open: OpenTab,
  name: Name,
  reducedMotion: 'reduce' | 'no-preference' = 'no-preference',
): Promise<FollowedCase> {
  const address = addresses.get(name) ?? recordingOf(caseOf(name)).then(pageWith)
  addresses.set(name, address)
  const { page, errors } = await open(await address)
  await page.emulateMedia({ reducedMotion })
  await page.getByRole('tab', { name: 'Packets' }).waitFor()
  await page.keyboard.press('End')
  await page.getByRole('tab', { name: 'Packets' }).click()
  await page.locator('.journeys button').click()
  await page.locator('.packet-story .hop.here').waitFor()
  return {
    page,
    [Symbol.asyncDispose]: async () => {
      await page.close()
      assert.equal(errors, [])
    },
  }
}

/** At the next speed. */
async function play(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Speed' }).click()
  // Space presses the button that has the focus.
  await page.locator('.packet-story h2').click()
  await page.keyboard.press(' ')
  await page.getByRole('button', { name: 'Pause' }).waitFor()
}

function hops(page: Page): Locator {
  return page.locator('.packet-section').first().locator('.hop')
}

async function current(page: Page, at: number): Promise<void> {
  await page.locator(`.packet-section .hop:nth-child(${at + 1})[aria-current=step]`).waitFor()
}

async function text(locator: Locator): Promise<string> {
  return (await locator.first().textContent()) ?? ''
}
