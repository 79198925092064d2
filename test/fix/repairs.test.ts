// Tries each broken network on the real kernel: every solution repairs it, and no destructive repair is accepted.
import pMap from 'p-map'
import * as assert from 'uvu/assert'
import { brokenNames, loadBroken } from '../../lib/cli/programs/catalogue.ts'
import type { BrokenNetwork, Repair } from '../../lib/fix/broken.ts'
import { judge, symptom, type Answer, type Judgement } from '../../lib/fix/judge.ts'
import { build, typeOn } from '../../lib/fix/world.ts'
import { holdWorld } from '../helpers/held-world.ts'
import { slow } from '../helpers/long.ts'
import { sandboxSuite } from '../helpers/sandbox.ts'

type Case = {
  readonly broken: BrokenNetwork
  readonly kind: 'solutions' | 'destructive'
  readonly repair: Repair
}

type Played = Case & { readonly after: Judgement | undefined; readonly wrong: string }

/** The repairs that the usual run tries: the first solution of each network, and every fourth destructive repair. */
function usual(kind: Case['kind'], index: number): number {
  return kind === 'solutions' || index % 4 === 0 ? 1 : 0
}

/** A case waits about half of its time. */
const atOnce = 6

// BROKEN=rp-filter,no-hairpin NETDOJO_SLOW=1 node test/fix/repairs.test.ts tries all repairs of these two networks.
const networks = await Promise.all((process.env.BROKEN?.split(',') ?? brokenNames).map(loadBroken))
const cases = networks.flatMap((broken, index) =>
  (['solutions', 'destructive'] as const).flatMap((kind) =>
    broken[kind]
      .slice(0, slow ? undefined : usual(kind, index))
      .map((repair): Case => ({ broken, kind, repair })),
  ),
)
let playing: Promise<readonly Played[]> | undefined
const allPlayed = () => (playing ??= pMap(cases, play, { concurrency: atOnce }))
const playedOn = async (broken: BrokenNetwork) =>
  (await allPlayed()).filter((played) => played.broken === broken)
// Each test waits for all cases, which run together.
const seconds = 600

// The sandboxes of the cases are inside this one, because they write to /run.
sandboxSuite('repairs of broken networks', (test, slow) => {
  for (const broken of networks) {
    test(
      `${broken.name}: the first solution, and for every fourth network the first destructive repair`,
      async () => {
        assert.equal(complaints(await playedOn(broken), true), [])
        assert.ok(broken.solutions.length >= 2)
      },
      { seconds },
    )
    slow(
      `${broken.name}: all other repairs`,
      async () => assert.equal(complaints(await playedOn(broken), false), []),
      { seconds },
    )
  }
  slow(
    'no statement holds after all repairs of all networks',
    async () => assert.equal(process.env.BROKEN ? [] : neverFailed(await allPlayed()), []),
    { seconds },
  )
})

function complaints(played: readonly Played[], first: boolean): readonly string[] {
  return played
    .filter(({ broken, kind, repair }) => (broken[kind][0] === repair) === first)
    .flatMap(({ wrong }) => (wrong === '' ? [] : [wrong]))
}

/** In a world of its own: noticed as it should be, repaired, and judged again. */
async function play(playing: Case): Promise<Played> {
  const { broken, kind, repair } = playing
  const title = `${broken.name}, ${kind}: ${repair.title}`
  try {
    await using world = await holdWorld()
    await build(broken, world.nodes)
    await symptom(broken, world.nodes)
    const { exitCode, stderr } = await typeOn(world.nodes.host, `set -e\n${repair.commands}`)
    if (exitCode !== 0) return { ...playing, after: undefined, wrong: `${title}: ${stderr}` }
    const after = await judge(broken, world.nodes)
    return { ...playing, after, wrong: complaint(title, kind, after) }
  } catch (error) {
    return { ...playing, after: undefined, wrong: `${title}: ${String(error)}` }
  }
}

function complaint(title: string, kind: Case['kind'], { works, unharmed }: Judgement): string {
  const listed = (answers: readonly Answer[]) =>
    answers.map(({ node, line, observed }) => `${node}$ ${line}: ${observed.text}`).join('; ')
  // A destructive repair cures the symptom, which is the first of them.
  const symptoms = kind === 'solutions' ? works : works.slice(0, 1)
  const failing = symptoms.filter(({ holds }) => !holds)
  if (failing.length > 0) return `${title}: does not work: ${listed(failing)}`
  const harmed = [...works, ...unharmed].filter(({ holds }) => !holds)
  if (kind === 'solutions' && harmed.length > 0) return `${title}: harms: ${listed(harmed)}`
  if (kind === 'destructive' && harmed.length === 0) return `${title}: is not noticed`
  return ''
}

/** A statement about what must stay so proves something only if one of the repairs of some network makes it false. */
function neverFailed(played: readonly Played[]): string[] {
  const answers = played.flatMap(({ after }) => after?.unharmed ?? [])
  const statements = new Set(answers.map(({ statement }) => statement))
  for (const { statement, holds } of answers) if (!holds) statements.delete(statement)
  return [...statements]
}
