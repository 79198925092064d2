// A shell of the sandbox whose every prompt asks the workshop what it has to say: by a socket in the sandbox's own /run, which
// shells in all namespaces see.
import { createServer } from 'node:http'
import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { shell } from '../sandbox/shell.ts'
import { typedInput } from './ask/asker.ts'

export type Words = {
  /** Before each prompt. */
  readonly prompt: () => Promise<string>
  /** By the name of the command that the learner can type. */
  readonly commands: Readonly<Record<string, () => Promise<string>>>
}

const socket = '/run/netdojo/workshop'

export type WatchedShellOptions = {
  /** What a command is put behind to run on the node that the shell is opened on. */
  readonly enter: readonly string[]
  /** Typed into it, when nobody sits at the terminal. */
  readonly typed: readonly string[] | undefined
}

export async function watchedShell(
  words: Words,
  { enter, typed }: WatchedShellOptions,
): Promise<void> {
  mkdirSync(dirname(socket), { recursive: true, mode: 0o700 })
  rmSync(socket, { force: true })
  const server = createServer((request, response) => {
    const name = request.url?.slice(1) ?? ''
    const say = name === 'prompt' ? words.prompt : words.commands[name]
    void Promise.resolve(say?.() ?? '').then(
      (text) => response.end(text),
      (error: unknown) =>
        response.end(`${error instanceof Error ? error.message : String(error)}\n`),
    )
  })
  // The shell tells of itself before it is opened.
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socket, resolve)
  })
  try {
    await shell([], {
      enter,
      start: startLines(Object.keys(words.commands)),
      ...(typed === undefined ? {} : { input: typedInput(typed, 'netdojo_prompt') }),
    })
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    rmSync(socket, { force: true })
  }
}

/** The way to another node. From a namespace, the host is that of the first process. */
const on = `on() {
  local node=\${1:?on NODE, or on NODE COMMAND}
  shift
  [ $# -gt 0 ] || set -- bash
  if [ "$node" = host ]; then nsenter --net=/proc/1/ns/net "$@"; else ip netns exec "$node" "$@"; fi
}`

/** curl is in every sandbox, and a Unix socket is reached from any network namespace. */
function startLines(commands: readonly string[]): string {
  const ask = (name: string) =>
    `curl --silent --noproxy '*' --unix-socket ${socket} http://workshop/${name}`
  return [
    '',
    on,
    ...commands.map((name) => `${name}() { ${ask(name)}; }`),
    `netdojo_prompt() { ${ask('prompt')}; }`,
    'PROMPT_COMMAND=netdojo_prompt',
    // A shell in another namespace that is not interactive reads no file, but has these.
    `export -f netdojo_prompt on ${commands.join(' ')}`,
    '',
  ].join('\n')
}
