// What `stop` and `remove` do, as commands: told only, for containers on networks whose store is a copy and whose applier does nothing.
import { join } from 'node:path'
import type { Context } from './context.ts'
import { namespaceName } from './namespace.ts'
import type { ContainerRecord } from './records.ts'
import { shellQuote } from '../exec/shell-quote.ts'

export type Ending = {
  /** Between SIGTERM and SIGKILL; with 0 only the second is sent. */
  readonly seconds: number
  /** Whether its log and its record go, too. */
  readonly remove: boolean
}

/** The plans of its networks are told between, as they always are. */
export async function explainEnd(
  context: Context,
  record: ContainerRecord,
  { seconds, remove }: Ending,
): Promise<void> {
  const { networks, onStep } = context
  const pid = record.status === 'exited' ? undefined : record.process?.pid
  if (pid !== undefined) {
    onStep(end(pid, seconds))
    onStep({
      title: 'The rest is done by whoever watches it, once it has ended:',
      commands: [],
      isAside: true,
    })
  }
  for (const { id, network, netns } of await networks.endpoints())
    if (netns === record.netns) await networks.disconnect(network, id)
  const directory = shellQuote(join(context.shownDirectory, record.id))
  if (record.status !== 'exited')
    onStep({
      title: 'Its namespace and its files',
      commands: [
        `ip netns delete ${namespaceName(record.netns)}`,
        `find ${directory} -mindepth 1 -maxdepth 1 ! -name log -exec rm -r {} +`,
      ],
    })
  if (remove || record.autoRemove)
    onStep({ title: 'Its log', isAside: false, commands: [`rm -r ${directory}`] })
}

function end(pid: number, seconds: number) {
  if (seconds === 0) return { title: 'End its program', commands: [`kill -KILL ${pid}`] }
  const commands = [
    `kill -TERM ${pid}`,
    `# if it is still there after ${seconds} s: kill -KILL ${pid}`,
  ]
  return { title: 'Ask its program to end', commands }
}
