// Opens worlds of the page in a container: the server and the progress stay here, and the container ends with its world.
import * as assert from 'uvu/assert'
import { slow as isSlow } from '../helpers/long.ts'
import { suite } from '../helpers/suite.ts'
import { until } from '../helpers/until.ts'
import { Web } from '../helpers/web.ts'

const engine = isSlow
  ? await (await import('../helpers/engine.ts')).testEngine()
  : 'it takes longer'
if (isSlow && typeof engine === 'string')
  console.log(`not run: most of test/web/container: ${engine}`)

suite('web --in container', (_test, slow) => {
  slow('without an engine, the page is told why', async () => {
    const env = { DOCKER_HOST: 'unix:///nonesuch/docker.sock' }
    await using web = await Web.start(['--in', 'container', 'free'], { env })
    const page = await web.page()
    assert.match(String((await page.get('ended')).error), /no container engine answers/)
    page.close()
  })

  if (isSlow && typeof engine === 'string') return

  slow(
    'a world with a terminal, a change and a followed packet; then the container is gone',
    async () => {
      await using web = await Web.start(['--in', 'container', 'free'])
      const page = await web.page()
      assert.is((await page.get('welcome')).backend, 'container')
      await page.turn('free')
      await page.terminal('t', 'host')
      page.type('t', 'ip link add br7 type bridge; echo do""ne\n')
      assert.ok(await page.shows('t', 'done'))
      await page.moment('state', ({ after }) => after.kind === 'change')
      const line = 'ping -c 1 -W 1 198.51.100.1'
      assert.equal(await page.ask({ kind: 'follow', node: 'host', line }), {
        kind: 'follow',
        journey: 1,
      })
      assert.is((await containers()).length, 1)
      page.send({ type: 'open', what: null })
      assert.ok(await until(async () => (await containers()).length === 0, 20))
      page.send({
        type: 'open',
        what: { kind: 'lesson', name: 'veth-pair', from: null, dialect: 'ip' },
      })
      await page.turn('command', 1)
      page.send({ type: 'run', until: 2 })
      await page.turn('question', 1)
      web.process.kill('SIGKILL')
      assert.ok(await until(async () => (await containers()).length === 0, 20))
    },
  )
})

async function containers() {
  if (typeof engine === 'string') return []
  const { label } = await import('../../lib/sandbox/container/start.ts')
  return engine.container.dockerode.listContainers({ all: true, filters: { label: [label] } })
}
