// Judges what the learner does in a shell, with any commands: the goal is reached when the network is the same as in the second world.
import type { Translate } from '../language/translate.ts'
import { changeLine, difference, type Change } from '../observe/difference/difference.ts'
import { hanging } from '../language/wrap.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { Missing } from './goal/goal.ts'
import { isVisible, missing } from './goal/missing.ts'
import type { OutlineCommand, Task } from './outline.ts'
import { missingLines } from './page.ts'
import { takeWorld } from './world.ts'

/** What the commands change: all that is judged. */
export function goalLines(task: Task, translate: Translate): readonly string[] {
  const { commands, before, after, macs } = task
  if (!isVisible(task)) return commands.map(({ node, line }) => `${node}$ ${line}`)
  const [was, is] = [before.outputs ?? {}, after.outputs ?? {}]
  const changes = changeLines(difference(before, after).changes, translate)
  return [
    ...changes,
    ...macLines({ before, after, macs }, translate),
    ...commands.flatMap(({ node, line }) => flushed(node, line, translate)),
    ...Object.entries(changes.length === 0 ? is : {}).flatMap(([command, output]) =>
      output
        .split('\n')
        .filter((line) => !(was[command] ?? '').split('\n').includes(line))
        .map((line) => translate("host: '{command}' prints: {line}", { command, line })),
    ),
  ]
}

/** The library adds all of its rules at once, some fifty: one line tells it. */
function changeLines(changes: readonly Change[], translate: Translate): readonly string[] {
  const lines = changes.map((change) =>
    /^(chain )?(inet|bridge|ip6?) netdojo\//.test(change.text)
      ? translate('{node}: the firewall rules of netdojo', { node: change.node })
      : changeLine(change, translate),
  )
  return [...new Set(lines)]
}

function macLines(
  { before, after, macs }: Pick<Task, 'before' | 'after' | 'macs'>,
  translate: Translate,
): readonly string[] {
  const known = new Set(before.nodes.flatMap(({ links }) => links.map(({ mac }) => mac)))
  return after.nodes.flatMap(({ name, links }) =>
    links
      .filter(({ mac = '' }) => macs.includes(mac) && !known.has(mac))
      .map((link) =>
        translate('{node}: {link} has the MAC address {mac}', {
          node: name,
          link: link.name,
          mac: link.mac ?? '',
        }),
      ),
  )
}

/** What a flush removes differs from run to run, so no comparison of two snapshots shows it. */
function flushed(node: string, line: string, translate: Translate): readonly string[] {
  const [, link] = /neigh\w* flush dev (\S+)/.exec(line) ?? []
  const [, bridge] = /link set (\S+) type bridge fdb_flush/.exec(line) ?? []
  return [
    ...(link ? [translate('{node}: no neighbour entries are left on {link}', { node, link })] : []),
    ...(bridge
      ? [translate('{node}: the forwarding table of {bridge} is flushed', { node, bridge })]
      : []),
  ]
}

/** @returns in what the network differs from the goal; nothing if the goal is reached. */
export async function judge(
  task: Task,
  state: NonNullable<Scenario['state']>,
): Promise<readonly Missing[]> {
  return missing(await takeWorld(state), task)
}

/** The messages at the prompts of one shell. The same message does not come twice in a row. */
export function promptWords(
  look: () => Promise<readonly Missing[]>,
  translate: Translate,
  width: number,
): () => Promise<string> {
  let shown: string | null = null
  return async () => {
    const missing = await look()
    const lines =
      missing.length === 0
        ? [`✓ ${translate('The goal is reached. To go on: exit or Ctrl-D.')}`]
        : worthSaying(missing, translate)
    const text = shellText(lines, width)
    // At the first prompt, the learner has just read the goal.
    const isNews = shown === null ? missing.length === 0 : text !== shown
    shown = text
    return isNews ? text : ''
  }
}

/** Lines for a shell; a command stays on one line, so that it can be copied. */
export function shellText(lines: readonly string[], width: number): string {
  const broken = (line: string) =>
    /^\w+\$ /.test(line) ? [`  ${line}`] : hanging(line, 2, 4, width)
  return lines.map((line) => `${broken(line).join('\n')}\n`).join('')
}

/** Mistakes are shown at once; what is not done yet, when little of it is left. */
function worthSaying(missing: readonly Missing[], translate: Translate): readonly string[] {
  const few = missing.length <= 2
  return missingLines(
    missing.filter(({ isMistake }) => isMistake || few),
    translate,
  )
}

/** The first thing that is missing or wrong now, and the command that helps. */
export function hintLines(
  all: readonly Missing[],
  commands: readonly OutlineCommand[],
  translate: Translate,
): readonly string[] {
  const first = all.find(({ isMistake }) => isMistake) ?? all[0]
  if (!first) return [translate('The goal is reached.')]
  const best = bestCommand(first, commands)
  return [
    ...missingLines([first], translate),
    ...(first.undo ? [`${first.node}$ ${first.undo}`] : []),
    ...(best ? [`${best.node}$ ${best.line}`] : []),
  ]
}

/** The command with the most words of the message. A surplus needs only its undo. */
export function bestCommand(
  { node, values, undo }: Missing,
  commands: readonly OutlineCommand[],
): OutlineCommand | undefined {
  const wanted = Object.entries(values)
    .filter(([name]) => name !== 'other' && name !== 'is' && name !== 'node')
    .flatMap(([, value]) => String(typeof value === 'object' ? value.text : value).split(/[\s/]+/))
  const score = (command: OutlineCommand) => {
    const words = new Set(command.line.split(/[\s/=]+/))
    const own = command.node === node || words.has(node) ? 1 : 0
    return own + 2 * wanted.filter((word) => word !== '' && words.has(word)).length
  }
  const ranked = commands
    .map((command) => ({ command, points: score(command) }))
    .toSorted((one, other) => other.points - one.points)
  const [best] = ranked
  return best && best.points > (undo === undefined ? 0 : 3) ? best.command : undefined
}
