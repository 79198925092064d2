// Compares docs/three-views.md with the kernel: the same network by hand, by the library and by Docker, and an explanation for each difference.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import type { Emit } from '../../lib/scenario/events.ts'
import { play, usualPatience } from '../../lib/scenario/play.ts'
import scenario from '../../scenarios/bridge-nat.ts'
import { dockerSleeper, startDocker, whyNoDocker } from '../helpers/docker.ts'
import { networkSuite, open } from '../helpers/networks.ts'
import { cleanHost, sh } from '../helpers/sandbox.ts'
import { namespace } from '../helpers/talk.ts'
import { viewOf, type View } from '../helpers/view.ts'

const page = join(import.meta.dirname, '../../docs/three-views.md')
const [begin, end] = ['<!-- begin: read from the kernel by a test -->', '<!-- end -->'] as const

networkSuite('three views', (test, slow) => {
  slow(
    'the page says what the kernel holds and who reaches whom, and explains every difference',
    async () => {
      const views = new Map<string, View>([
        ['by hand', await byHand()],
        ['by the library', await byLibrary()],
      ])
      const reason = whyNoDocker()
      if (reason === undefined) views.set('by Docker', await byDocker())
      else console.log(`without Docker's column: ${reason}`)
      const text = readFileSync(page, 'utf8')
      if (process.env.UPDATE) {
        assert.is(reason, undefined, 'all three are needed to write the page')
        writeFileSync(page, replaced(text, views))
        return
      }
      for (const [name, view] of views) assert.equal(columnOf(text, name), [...view], name)
      for (const aspect of differing(text))
        assert.match(
          text,
          `**${aspect}**`,
          `the page does not explain the difference in "${aspect}"`,
        )
    },
    { seconds: 240 },
  )
})

async function byHand(): Promise<View> {
  let error: string | null = null
  const emit: Emit = (event) => {
    if (event.type === 'scenario-ended') error = event.error
  }
  const outcome = await play(
    scenario,
    { dialect: 'ip', without: null, patience: usualPatience },
    emit,
  )
  assert.is(outcome, 'held', error ?? 'a check failed')
  // Its servers and shells would end with the sandbox: here, ours answer in their place, and nobody waits for them.
  sh("pkill -f '[b]in/serve'; pkill -x bash")
  const view = await viewOf({
    bridge: 'br0',
    containers: ['/run/netns/ns1', '/run/netns/ns2'],
  })
  sh('ip link delete br0')
  cleanHost()
  return view
}

async function byLibrary(): Promise<View> {
  await using networks = await open()
  await using web = await networks.create({ name: 'web', subnet: '172.18.0.0/24' })
  const containers = [namespace('c1'), namespace('c2')] as const
  await web.connect({ netns: containers[0], ports: ['80:80'] })
  await web.connect({ netns: containers[1] })
  return await viewOf({ bridge: 'nd-web', containers })
}

async function byDocker(): Promise<View> {
  sh('sysctl -qw net.ipv4.ip_forward=0')
  await using docker = await startDocker()
  assert.ok(docker)
  sh('docker network create --subnet 172.18.0.0/24 -o com.docker.network.bridge.name=br-web web')
  const containers = [
    dockerSleeper('c1', '--net web', '-p 80:80'),
    dockerSleeper('c2', '--net web'),
  ] as const
  return await viewOf({ bridge: 'br-web', containers })
}

function replaced(text: string, views: ReadonlyMap<string, View>): string {
  const names = [...views.keys()]
  const aspects = [...(views.values().next().value?.keys() ?? [])]
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const table = [
    row(['', ...names]),
    row(['---', ...names.map(() => '---')]),
    ...aspects.map((aspect) =>
      row([aspect, ...names.map((name) => views.get(name)?.get(aspect) ?? '')]),
    ),
  ].join('\n')
  const [before = '', rest = ''] = text.split(begin)
  return `${before}${begin}\n\n${table}\n\n${end}${rest.split(end)[1] ?? ''}`
}

function rowsOf(text: string): readonly (readonly string[])[] {
  const table = text.split(begin)[1]?.split(end)[0] ?? ''
  return table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

function columnOf(text: string, name: string): readonly (readonly string[])[] {
  const [head = [], , ...rows] = rowsOf(text)
  const column = head.indexOf(name)
  return rows.map((cells) => [cells[0] ?? '', cells[column] ?? ''])
}

function differing(text: string): readonly string[] {
  return rowsOf(text)
    .slice(2)
    .filter(([, ...values]) => new Set(values).size > 1)
    .map(([aspect = '']) => aspect)
}
