// Looks at a page as a reader with a given window does: nothing is wider than the screen, no text is cut, no two texts overlap, each has
// enough contrast, and the focus is seen. It waits until all of that holds, and then names what does not.
import type { Page } from 'playwright-core'
import * as assert from 'uvu/assert'
import { until } from './until.ts'

const sizes = [
  { width: 1280, height: 720 },
  { width: 1600, height: 900 },
  { width: 1024, height: 768 },
  { width: 1280, height: 640 },
  { width: 390, height: 844 },
] as const

/** At each of the five sizes; the window is the first one again afterwards. */
export async function looksRight(page: Page, view: string): Promise<void> {
  for (const size of sizes.toReversed()) {
    await page.setViewportSize(size)
    await holds(page, complaints, `${view} at ${size.width} x ${size.height}`)
  }
}

/** WCAG AA in both themes. */
export async function hasContrast(page: Page, view: string): Promise<void> {
  for (const theme of ['dark', 'light']) {
    await page.evaluate((name) => (document.documentElement.dataset.theme = name), theme)
    await holds(page, faintTexts, `${view}, ${theme}`)
  }
}

/** Walks with the Tab key until the focus leaves the page. @returns how many controls it was on */
export async function focusIsSeen(page: Page): Promise<number> {
  let seen = 0
  let isWhole = false
  await page.evaluate(
    () => document.activeElement instanceof HTMLElement && document.activeElement.blur(),
  )
  for (let index = 0; index < 150; index += 1) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => {
      const { activeElement: element } = document
      if (!element || element === document.body) return null
      // A radio button may have the frame of its label, and a terminal shows its cursor.
      const isFramed = (shown: Element) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(shown)
        return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2
      }
      const isSeen =
        element.closest('.xterm') !== null || isFramed(element.closest('label') ?? element)
      return isSeen || isFramed(element) ? '' : element.outerHTML.slice(0, 120)
    })
    // It begins where the page was clicked last, and goes on from the beginning.
    if (focused === null && isWhole) return seen
    if (focused === null) [isWhole, seen] = [true, -1]
    else assert.is(focused, '', 'the focus is not seen')
    seen += 1
  }
  return seen
}

async function holds(page: Page, look: () => readonly string[], where: string): Promise<void> {
  let found: readonly string[] = []
  await until(async () => {
    found = await page.evaluate(look)
    return found.length === 0
  }, 10)
  assert.equal(found, [], where)
}

/** Runs in the page. */
function complaints(): readonly string[] {
  const found = new Set<string>()
  const { clientWidth: width, clientHeight: height, scrollWidth } = document.documentElement
  if (scrollWidth > width) found.add(`the page is ${scrollWidth} wide`)
  type Text = { readonly text: string; readonly element: Element; readonly box: DOMRect }
  const texts: Text[] = []
  const dialog = document.querySelector('dialog[open]')
  const walker = document.createTreeWalker(dialog ?? document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const { parentElement: element } = node
    const text = node.textContent?.trim() ?? ''
    // A terminal places its own letters; titles without room show their number, and changes are in their tab as a whole.
    if (
      !element ||
      text === '' ||
      element.closest('.unseen, .xterm, noscript, .line .title, .caption li')
    )
      continue
    if (!element.checkVisibility({ visibilityProperty: true })) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const boxes = element.closest('svg')
      ? [element.getBoundingClientRect()]
      : range.getClientRects()
    for (const whole of boxes) {
      let { left, right, top, bottom } = whole
      let scrolls = false
      for (let place: Element | null = element; place; place = place.parentElement) {
        const { overflowX, overflowY, display, textOverflow } = getComputedStyle(place)
        if (display === 'inline' || place instanceof SVGElement) continue
        const box = place.getBoundingClientRect()
        const hides = (overflow: string) => overflow === 'hidden' || overflow === 'clip'
        const isCut =
          (hides(overflowX) && (whole.right > box.right + 1 || whole.left < box.left - 1)) ||
          (hides(overflowY) && (whole.bottom > box.bottom + 2 || whole.top < box.top - 2))
        if (isCut && !scrolls)
          found.add(`'${text}' is cut${textOverflow === 'ellipsis' ? ' by …' : ''}`)
        scrolls ||= /auto|scroll/.test(overflowX + overflowY)
        if (overflowX !== 'visible')
          [left, right] = [Math.max(left, box.left), Math.min(right, box.right)]
        if (overflowY !== 'visible')
          [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)]
      }
      if (!scrolls && (right > width + 1 || left < -1)) found.add(`'${text}' is beside the screen`)
      if (right - left > 1 && bottom - top > 1 && bottom > 0 && top < height)
        texts.push({ text, element, box: new DOMRect(left, top, right - left, bottom - top) })
    }
  }
  const overlap = (one: DOMRect, other: DOMRect) => ({
    x: Math.min(one.right, other.right) - Math.max(one.left, other.left),
    y: Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top),
  })
  for (const [index, one] of texts.entries())
    for (const other of texts.slice(index + 1)) {
      const { x, y } = overlap(one.box, other.box)
      if (one.element !== other.element && x > 2 && y > 4)
        found.add(`'${one.text}' and '${other.text}' overlap`)
    }
  for (const part of document.querySelectorAll('.net .device, .net .node')) {
    const frame = part.querySelector(':scope > rect')?.getBoundingClientRect()
    for (const text of part.querySelectorAll('text')) {
      const box = text.getBoundingClientRect()
      if (frame && (box.right > frame.right + 1 || box.bottom > frame.bottom + 3))
        found.add(`'${text.textContent}' is out of its box`)
    }
  }
  const packet = document.querySelector('.net .packet')?.getBoundingClientRect()
  for (const device of packet ? document.querySelectorAll('.net .device rect') : []) {
    const { x, y } = overlap(packet ?? new DOMRect(), device.getBoundingClientRect())
    if (x > 1 && y > 1) found.add(`the packet covers ${device.parentElement?.textContent}`)
  }
  const view = document.querySelector('.network .view')
  if (view && view.scrollWidth > view.clientWidth + 1)
    found.add('the picture is wider than its place')
  return [...found]
}

/** Runs in the page. */
function faintTexts(): readonly string[] {
  const found = new Set<string>()
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (!canvas) return ['no canvas']
  const rgba = (colour: string): readonly number[] => {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    return [...canvas.getImageData(0, 0, 1, 1).data]
  }
  const light = (colour: readonly number[]) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, part, index) => {
      const value = (colour[index] ?? 0) / 255
      return sum + part * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    }, 0)
  const behind = (element: Element): readonly number[] => {
    for (let place: Element | null = element; place; place = place.parentElement) {
      const colour = rgba(getComputedStyle(place).backgroundColor)
      if (colour[3] === 255) return colour
    }
    return rgba('white')
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const { parentElement: element } = node
    if (!element || node.textContent?.trim() === '' || !element.checkVisibility()) continue
    if (element.closest('.unseen, .xterm, noscript, :disabled')) continue
    const isDrawn = element.closest('svg') !== null
    const style = getComputedStyle(element)
    const ground = isDrawn ? rgba(getComputedStyle(document.body).backgroundColor) : behind(element)
    const [one, other] = [light(rgba(isDrawn ? style.fill : style.color)), light(ground)]
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
    if (ratio < 4.5) found.add(`'${node.textContent?.trim().slice(0, 40)}' has ${ratio.toFixed(2)}`)
  }
  return [...found]
}
