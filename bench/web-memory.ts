// Measures the memory of `npm run web` while a terminal of the page runs `ping -f`, or while addresses change without end.
// `node bench/web-memory.ts ping|changes [MINUTES]` prints a line every 30 seconds.
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openChromium, Web } from '../test/helpers/web.ts'
import { processesWith } from '../test/helpers/machine.ts'

const lines = {
  ping: 'ping -q -f 198.51.100.1',
  changes:
    'ip link add br9 type bridge; for ((i = 1; ; i++)); do ip addr add 10.$((i >> 16 & 255)).$((i >> 8 & 255)).$((i & 255))/32 dev br9; sleep 0.5; ip addr flush dev br9; sleep 0.5; done',
}

const [what = '', minutes = '60'] = process.argv.slice(2)
if (what !== 'ping' && what !== 'changes')
  throw new Error(`the first argument must be ping or changes, not '${what}'`)
await using web = await Web.start(['free'])
const browser = await openChromium()
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } })
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  await page.goto(web.address)
  await page.click('[role=tab].of-node:has-text("host")')
  await page.waitForFunction(() =>
    document.querySelector('.content .xterm-rows')?.textContent?.includes('host#'),
  )
  await page.click('.content .xterm-screen')
  await page.keyboard.type(`${lines[what]}\n`)
  const end = performance.now() + Number(minutes) * 60_000
  console.log('minute  server MB  inside MB  page heap MB')
  for (const started = performance.now(); ; await sleep(30_000)) {
    await devtools.send('HeapProfiler.collectGarbage')
    const { metrics } = await devtools.send('Performance.getMetrics')
    const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0
    const cells = [
      (performance.now() - started) / 60_000,
      residentOf(web.process.pid ?? 0),
      Math.max(...inside().map(residentOf)),
      heap / 1e6,
    ]
    console.log(cells.map((cell) => cell.toFixed(1).padStart(9)).join(' '))
    if (performance.now() > end) break
  }
} finally {
  await browser.close()
}

function inside(): readonly number[] {
  return processesWith(web.marker)
    .map(Number)
    .filter((pid) => pid !== web.process.pid)
}

function residentOf(pid: number): number {
  try {
    const found = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(found ?? 0) / 1024
  } catch {
    return 0 // it has ended
  }
}
