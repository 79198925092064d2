// Makes a script from a run of a scenario: a learner who types every command and answers every question.
import { ofType } from '../../lib/cli/programs/scenario/play-all.ts'
import type { CommandStarted, ScenarioEvent } from '../../lib/scenario/events.ts'

export function robotScript(events: readonly ScenarioEvent[]): readonly string[] {
  const lines: string[] = []
  let group: CommandStarted[] = []
  const close = () => {
    if (group.length > 0) lines.push(...linesOf(group))
    group = []
  }
  for (const event of events) {
    if (event.type === 'command-started' && event.command !== null) {
      if (group[0] && group[0].typed !== event.typed) close()
      group.push(event)
    }
    if (event.type === 'step-started' || event.type === 'journey') close()
    if (event.type !== 'check-started') continue
    close()
    lines.push(/^(ping|curl) /.test(event.line) ? 'silence' : 'yes')
  }
  close()
  return lines
}

/** The number of groups that a person can type. */
export function typedCommands(events: readonly ScenarioEvent[]): number {
  return ofType(events, 'command-started').filter(({ command, typed }) => command !== null && typed)
    .length
}

function linesOf(group: readonly CommandStarted[]): readonly string[] {
  const [first] = group
  if (!first?.typed) return ['run']
  return ['open', ...group.map(({ node, line }) => `$ ${on(node, first.node)}${line}`), '?done']
}

/** The shell opens on the node of the first command. The commands for other nodes contain no character that a shell would interpret. */
function on(node: string, shell: string): string {
  return node === shell ? '' : `on ${node} `
}
