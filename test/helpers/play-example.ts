// Plays a scenario of three commands and three checks inside a sandbox, for play.test.ts.
import { answers, curl, fails, ping, scenario } from '../../lib/scenario/index.ts'
import { play } from '../../lib/scenario/play.ts'

type Options = {
  readonly without?: number
  readonly stopAtFailure?: boolean
  readonly word?: string
  readonly broken?: boolean
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by play.test.ts
const options = JSON.parse(process.argv[2] ?? '') as Options

const example = scenario({
  name: 'example',
  title: 'An example',
  about: 'For the tests.',
  topology: `
    ns1`,
  async play({ host, namespace, step, check, dialect }) {
    const ns1 = namespace('ns1')
    await step('One step', 'With all that there is.', async () => {
      await host.$`ip netns add ns1`
      await host.show`echo ${options.word ?? 'two words'} | cat`
      if (options.broken) await host.$`ip link set nonesuch up`
      await check('not yet', ping(ns1, '127.0.0.1'), fails('Network is unreachable'))
      await dialect({
        ip: () => ns1.$`ip link set lo up`,
        classic: () => ns1.$`ifconfig lo up`,
      })
      await check('now', ping(ns1, '127.0.0.1'), answers)
      await ns1.serve(8080)
      await check('a server', curl(ns1, 'http://127.0.0.1:8080/'), answers)
    })
  },
})

const outcome = await play(
  example,
  {
    dialect: 'ip',
    without: options.without ?? null,
    patience: 100,
    stopAtFailure: options.stopAtFailure ?? false,
  },
  (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
)
process.exit(outcome === 'held' ? 0 : 1)
