// Drives the page in a real Chromium: one browser for a test file, with a profile of its own.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { bundle, pageDirectory } from '../../lib/web/server/bundle.ts'
import { newDirectory } from './directory.ts'
import { suite, type DefineTest } from './suite.ts'
import { chromiumPath, noChromium, openChromium } from './web.ts'

/** A condition that does not come within this time names itself in the test's error. */
const patience = 60_000

export type Tab = {
  readonly page: Page
  /** What the page wrote as an error: nothing in a page that works. */
  readonly errors: readonly string[]
}

type TabOptions = {
  readonly width?: number
  readonly height?: number
  readonly language?: 'en' | 'zh'
  readonly theme?: 'light' | 'dark'
}

/** The text of the first element that fits; '' if it has none. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.textContent(selector)) ?? ''
}

/** Opens an address in a new tab. */
export type OpenTab = (address: string, options?: TabOptions) => Promise<Tab>

/** A suite with a browser; without Chromium it says so in one line. */
export function browserSuite(
  name: string,
  define: (test: DefineTest, open: OpenTab) => void,
): void {
  suite(name, (test) => {
    if (chromiumPath === undefined) {
      test('needs a browser', () => console.log(noChromium))
      return
    }
    let launched: Promise<Browser> | undefined
    define(test, async (address, options = {}) => {
      launched ??= openChromium()
      return openTab(await launched, address, options)
    })
    test('the browser ends', async () => {
      await (await launched)?.close()
    })
  })
}

async function openTab(
  browser: Browser,
  address: string,
  { width = 1280, height = 720, language = 'en', theme = 'light' }: TabOptions,
): Promise<Tab> {
  const page = await browser.newPage()
  const errors: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  page.on('console', (line) => line.type() === 'error' && errors.push(line.text()))
  page.setDefaultTimeout(patience)
  await page.setViewportSize({ width, height })
  await page.addInitScript(
    (choices) => {
      // A reload keeps what the page has changed.
      if (sessionStorage.getItem('begun') !== null) return
      sessionStorage.setItem('begun', 'yes')
      for (const [key, value] of Object.entries(choices)) localStorage.setItem(key, value)
    },
    { 'netdojo language': language, 'netdojo theme': theme },
  )
  await page.goto(address)
  return { page, errors }
}

/** The page with a recording, as a file: the way of the static site. @returns its address. */
export async function pageWith(recording: unknown): Promise<string> {
  const directory = newDirectory()
  const { script, style } = await bundle()
  const html = readFileSync(join(pageDirectory, 'index.html'), 'utf8')
  const before = '<script src="recording.js" defer></script>'
  writeFileSync(join(directory, 'page.js'), script)
  writeFileSync(join(directory, 'page.css'), style)
  writeFileSync(
    join(directory, 'recording.js'),
    `globalThis.netdojoRecording=${JSON.stringify(recording)}`,
  )
  const index = join(directory, 'index.html')
  writeFileSync(index, html.replace('<script', `${before}<script`))
  return pathToFileURL(index).href
}
