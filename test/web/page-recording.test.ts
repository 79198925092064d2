// Reads a recording of a real run in Chromium from file://: keyboard alone, the timeline, comparisons, both languages, themes and a phone.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import * as assert from 'uvu/assert'
import { browserSuite, pageWith, textOf } from '../helpers/browser.ts'
import { newDirectory } from '../helpers/directory.ts'
import { focusIsSeen, hasContrast, looksRight } from '../helpers/looks.ts'
import { netdojo } from '../helpers/netdojo.ts'
import { until } from '../helpers/until.ts'

const recording = recorded()

async function recorded(): Promise<string> {
  const file = join(newDirectory(), 'recording.json')
  const { exitCode, stderr } = await netdojo('scenario', ['bridge-nat', '--record', file])
  assert.is(exitCode, 0, stderr)
  return pageWith(JSON.parse(readFileSync(file, 'utf8')))
}

const primary = '.actions .primary'

/** Presses the primary button until it has this label. */
async function forwardTo(page: Page, label: RegExp): Promise<void> {
  for (;;) {
    const text = await textOf(page, primary)
    if (label.test(text)) return
    const before = await textOf(page, '.time .where')
    await page.keyboard.press('Enter')
    await page.waitForFunction(
      ([where, button]) =>
        document.querySelector('.time .where')?.textContent !== where ||
        document.querySelector('.actions .primary')?.textContent !== button,
      [before, text],
    )
  }
}

browserSuite('the page of a recording', (test, open) => {
  test('is read by keyboard alone: commands, a wrong answer in grey, and why', async () => {
    const { page, errors } = await open(await recording)
    await page.waitForSelector('.picture svg')
    assert.match(await textOf(page, 'h1'), /The complete path/)
    await forwardTo(page, /Answer/)
    assert.match(await textOf(page, '.card h3'), /What will ping say/)
    assert.is(await page.isDisabled(primary), true)
    await page.keyboard.press('1')
    await page.keyboard.press('Enter')
    const verdict = page.locator('.verdict')
    await verdict.waitFor()
    assert.match(await textOf(page, '.verdict'), /Not so: Network is unreachable/)
    assert.match(await textOf(page, '.verdict'), /ns1 has no address and so no route/)
    // Red is for the network: a wrong guess is no failure.
    assert.is(await page.locator('.verdict.fails').count(), 0)
    assert.match(await textOf(page, '.bar .progress'), /1 of 13 checks/)
    await forwardTo(page, /Answer/)
    await page.keyboard.press('1')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.verdict.right')
    assert.equal(errors, [])
    await page.close()
  })

  test('the timeline shows the network as it was, by dragging, by keys, and compared', async () => {
    const { page, errors } = await open(await recording)
    const nodes = () => page.locator('[role=tab].of-node').allTextContents()
    await page.waitForSelector('.line .mark.run')
    const line = page.locator('.line')
    const box = await line.boundingBox()
    assert.ok(box)
    await page.mouse.move(box.x + 10, box.y + 20)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width - 6, box.y + 20, { steps: 12 })
    await page.mouse.up()
    await page.waitForFunction(() =>
      document.querySelector('.time .where')?.textContent?.includes('after check 13'),
    )
    assert.equal(await nodes(), ['host', 'ns1', 'ns2', 'outside'])
    await line.focus()
    await page.keyboard.press('Home')
    await page.waitForFunction(() =>
      document.querySelector('.time .where')?.textContent?.includes('after command 1'),
    )
    assert.equal(await nodes(), ['host', 'outside'])
    assert.match(await textOf(page, '.caption'), /changed by command 1.*bridge br0/s)
    await page.keyboard.press('c')
    await page.waitForSelector('.comparison')
    assert.match(await textOf(page, '.comparison'), /A.*after command 1.*B.*after check 13/s)
    assert.is(await page.locator('.line .band').count(), 1)
    assert.equal(errors, [])
    await page.close()
  })

  test('in Chinese and in the dark, with a name for every control', async () => {
    const { page, errors } = await open(await recording, { language: 'zh', theme: 'dark' })
    await page.waitForFunction(() =>
      document.querySelector('h1')?.textContent?.match(/[\u4e00-\u9fff]{3}/),
    )
    assert.is(await page.getAttribute('html', 'lang'), 'zh-Hans')
    const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    assert.is(colour, 'rgb(13, 17, 23)')
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll('button, [role=slider], [role=separator], input')]
        .filter(
          (element) =>
            !element.closest('label') &&
            (element.getAttribute('aria-label') ?? element.textContent ?? '').trim() === '',
        )
        .map(({ outerHTML }) => outerHTML),
    )
    assert.equal(nameless, [])
    await page.keyboard.press('g')
    await page.waitForSelector('dialog[open]')
    await page.keyboard.press('Escape')
    await page.waitForSelector('dialog', { state: 'detached' })
    assert.equal(errors, [])
    await page.close()
  })

  test('in each of five windows nothing is cut, covered or too faint, and the focus is seen', async () => {
    const { page, errors } = await open(await recording)
    await page.waitForSelector('.picture svg')
    await looksRight(page, 'the beginning')
    await forwardTo(page, /Answer/)
    await looksRight(page, 'a question')
    await page.locator('.line').focus()
    await page.keyboard.press('End')
    await page.waitForSelector('.verdict')
    await looksRight(page, 'the last verdict')
    await hasContrast(page, 'the last verdict')
    for (const name of ['Packets', 'Changes', 'Rules', 'Routes', 'Conntrack']) {
      await page.click(`[role=tab]:has-text("${name}")`)
      await page.waitForSelector(`[role=tab][aria-selected=true]:has-text("${name}")`)
      await looksRight(page, name)
      await hasContrast(page, name)
    }
    assert.ok((await focusIsSeen(page)) > 15)
    await page.keyboard.press('c')
    await page.waitForSelector('.comparison')
    await looksRight(page, 'a comparison')
    await page.keyboard.press('c')
    await page.keyboard.press('g')
    await page.waitForSelector('dialog[open]')
    await looksRight(page, 'the glossary')
    await page.keyboard.press('Escape')
    await page.keyboard.press('f')
    await page.waitForSelector('.hop-panel')
    for (let hop = 1; hop < 6; hop += 1) await page.keyboard.press('ArrowRight')
    await looksRight(page, 'a packet')
    await hasContrast(page, 'a packet')
    assert.ok((await focusIsSeen(page)) > 10)
    assert.equal(errors, [])
    await page.close()
  })

  test('a wide window makes the picture larger, and a phone shows one hop at a time', async () => {
    const { page } = await open(await recording, { width: 1600, height: 900 })
    await page.locator('.line').focus()
    await page.keyboard.press('End')
    const scale = () =>
      page.$eval(
        'svg.net',
        (picture) => picture.clientWidth / Number(picture.getAttribute('viewBox')?.split(' ')[2]),
      )
    assert.ok(await until(async () => Math.abs((await scale()) - 1.25) < 0.01, 10))
    await page.setViewportSize({ width: 390, height: 844 })
    assert.ok(await until(async () => Math.abs((await scale()) - 1) < 0.06, 10))
    await page.keyboard.press('f')
    await page.waitForSelector('.hop-card .hop-panel')
    const hop = () => textOf(page, '.hop-card h3')
    const first = await hop()
    await page.evaluate(() => {
      const card = document.querySelector('.hop-card .column')
      const touch = (clientX: number) =>
        new Touch({ identifier: 1, target: card ?? document.body, clientX })
      const send = (type: string, clientX: number) =>
        card?.dispatchEvent(
          new TouchEvent(type, {
            bubbles: true,
            touches: [touch(clientX)],
            changedTouches: [touch(clientX)],
          }),
        )
      send('touchstart', 300)
      send('touchend', 100)
    })
    assert.ok(await until(async () => (await hop()) !== first, 10), 'a swipe shows the next hop')
    await page.close()
  })

  test('on a phone, nothing is cut, and the next button is in reach', async () => {
    const { page, errors } = await open(await recording, { width: 390, height: 844 })
    const next = page.locator('.time .primary')
    await next.click()
    await page.waitForFunction(() =>
      document.querySelector('.time .where')?.textContent?.includes('after command 1'),
    )
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    )
    assert.is(wide, false)
    const box = await next.boundingBox()
    assert.ok(box && box.height >= 44 && box.y + box.height <= 844, JSON.stringify(box))
    assert.equal(errors, [])
    await page.close()
  })

  test('a recording of another version, or a broken one, says what to do', async () => {
    const newer = await open(await pageWith({ netdojo: 'recording', version: 99, moments: [] }))
    assert.match(await textOf(newer.page, '[role=alert]'), /version 99.*update netdojo/s)
    await newer.page.close()
    const broken = await open(await pageWith({ moments: 3 }))
    assert.match(await textOf(broken.page, '[role=alert]'), /no recording.*--record FILE/s)
    await broken.page.close()
  })
})
