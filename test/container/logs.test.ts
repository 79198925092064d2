// Checks the limits of a log: no file is larger and there are no more files than asked for, and readers lose no line that is kept.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { isLog, RotatingLog } from '../../lib/container/rotating-log.ts'
import { containerSuite, openBoth, type Opened } from '../helpers/containers.ts'
import { newDirectory } from '../helpers/directory.ts'
import { codeOf, errorOf } from '../helpers/networks.ts'

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index}\n`).join('')

containerSuite('logs', (test) => {
  test('a log is limited in size and number, and ends with the last line', async () => {
    await using opened = await openBoth()
    const command = ['seq', '1', '20000']
    const limits = { 'max-size': '10k', 'max-file': '3' }
    const text = await logOf(opened, { command, logOptions: limits }, (files) => {
      assert.is(files.length, 3)
      for (const { size } of files) assert.ok(size <= 10 * 1024, `${size}`)
    })
    const first = Number.parseInt(text, 10)
    assert.ok(first > 1 && first < 20_000)
    assert.is(text, lines(first, 20_000))
    await logOf(opened, { command, logOptions: { 'max-size': '10k' } }, (files) => {
      assert.is(files.length, 1)
    })
    // Without a limit everything is kept in one file.
    assert.is(
      await logOf(opened, { command }, (files) => assert.is(files.length, 1)),
      lines(1, 20_000),
    )
  })

  test('a file that is exactly full is followed by another one', () => {
    const path = join(newDirectory(), 'log')
    const log = new RotatingLog(path, { maxSize: 10, maxFiles: 4 })
    log.write(Buffer.from('123456789\n'))
    log.write(Buffer.from('1\n2\n3\n4\n5\n6\n7\n'))
    log.close()
    const files = [path, `${path}.1`, `${path}.2`].map((file) => readFileSync(file, 'utf8'))
    assert.equal(files, ['6\n7\n', '1\n2\n3\n4\n5\n', '123456789\n'])
  })

  test('a reader that follows gets each line once, while the log rotates', async () => {
    await using opened = await openBoth()
    const container = await opened.containers.run({
      command: [
        'sh',
        '-c',
        'for i in 1 2 3 4 5 6; do seq $((i * 500 - 499)) $((i * 500)); sleep 0.2; done',
      ],
      logOptions: { 'max-size': '1k', 'max-file': '99' },
    })
    let text = ''
    for await (const data of container.logs({ follow: true })) text += data.toString()
    assert.is(text, lines(1, 3000))
    assert.is(await container.wait(), 0)
    await container.remove()
  })

  test('a limit that is no size is refused', async () => {
    await using opened = await openBoth()
    const run = (logOptions: object) => opened.containers.run({ command: ['true'], logOptions })
    assert.is(await codeOf(run({ 'max-size': '0' })), 'usage')
    assert.is(await codeOf(run({ 'max-file': 'x' })), 'usage')
    assert.is(await codeOf(run({ tag: 'x' })), 'usage')
    const { message } = await errorOf(run({ 'max-size': 'ten' }))
    assert.match(message, "max-size must be a number of bytes, or of k, m or g, not 'ten'")
  })
})

async function logOf(
  { containers, stateDirectory }: Opened,
  request: Parameters<typeof containers.run>[0],
  check: (files: readonly { readonly size: number }[]) => void,
): Promise<string> {
  // The monitor writes it as for `run -d`; an attached one is written by this process.
  const container = await containers.run(request, { leave: true })
  assert.is(await container.wait(), 0)
  const directory = join(stateDirectory, 'containers', container.id)
  check(
    readdirSync(directory)
      .filter(isLog)
      .map((name) => statSync(join(directory, name))),
  )
  let text = ''
  for await (const data of container.logs()) text += data.toString()
  await container.remove()
  return text
}
