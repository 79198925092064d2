// Opens a shell in which each prompt asks the workshop for a message. The shell uses a Unix socket in the sandbox's /run, which is
// visible in all network namespaces.
import { createServer } from 'node:http'
import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { hostNamespace } from '../observe/nodes.ts'
import { shell } from '../sandbox/shell.ts'
import { typedInput } from './ask/asker.ts'

export type Words = {
  /** The text before each prompt. */
  readonly prompt: () => Promise<string>
  /** The commands that the learner can type, and their output. */
  readonly commands: Readonly<Record<string, () => Promise<string>>>
}

const socket = '/run/netdojo/workshop'

export type WatchedShellOptions = {
  /** The words in front of a command that runs it on the shell's node. */
  readonly enter: readonly string[]
  /** The lines of a script; undefined for a person at the terminal. */
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
    const answer = name === 'prompt' ? words.prompt : words.commands[name]
    void Promise.resolve(answer?.() ?? '').then(
      (text) => response.end(text),
      (error: unknown) =>
        response.end(`${error instanceof Error ? error.message : String(error)}\n`),
    )
  })
  // The first prompt of the shell already asks.
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

/** The shell's command `on`, which enters another node: a further machine as `namespaceTarget` does. `env` takes a leading NAME=VALUE. */
export const on = () => `on() {
  local node=\${1:?on NODE, or on NODE COMMAND}
  shift
  [ $# -gt 0 ] || set -- bash
  case $1 in *=*) set -- env "$@" ;; esac
  case $node in
    host) nsenter --net=${hostNamespace()} "$@" ;;
    host[1-9]*) nsenter --net=/run/netns/"$node" "$@" ;;
    *) ip netns exec "$node" "$@" ;;
  esac
}`

/** Every sandbox has curl, and any network namespace reaches a Unix socket. */
function startLines(commands: readonly string[]): string {
  const ask = (name: string) =>
    `curl --silent --noproxy '*' --unix-socket ${socket} http://workshop/${name}`
  return [
    '',
    on(),
    ...commands.map((name) => `${name}() { ${ask(name)}; }`),
    `netdojo_prompt() { ${ask('prompt')}; }`,
    'PROMPT_COMMAND=netdojo_prompt',
    // A shell that is not interactive reads no startup file, but inherits exported functions.
    `export -f netdojo_prompt on ${commands.join(' ')}`,
    '',
  ].join('\n')
}
