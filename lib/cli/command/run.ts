// `netdojo run …`: Docker's command, with Docker's flags and exit codes, on this machine's own programs unless told otherwise.
import { Option, type Command } from 'commander'
import type { NetdojoError } from '../../index.ts'
import type { RunFlags } from '../container/run-request.ts'
import { endWith } from '../ending.ts'
import { changeCommand, many } from '../options.ts'
import { errorParagraph } from '../paragraph.ts'
import { isInSandbox } from '../state-directory.ts'
import type { Terminal } from '../terminal.ts'

export function runCommand(terminal: Terminal): Command {
  const command = changeCommand('run', 'Run a program in a container.')
    .usage('[OPTIONS] [ROOTFS|IMAGE.tar] COMMAND [ARG…]')
    .argument('[words...]')
    .option('-i, --interactive', 'keep its standard input open')
    .option('-t, --tty', 'give it a terminal')
    .option('-d, --detach', 'let it run in the background, and print its id')
    .option('--rm', 'keep nothing of it when it has ended')
    .option('--name <name>', 'its name, which others on its networks know it by')
    .option('-p, --publish <ports>', 'publish a port: 8080:80, 127.0.0.1:53:53/udp, 80', many)
    .option('--net <network>', 'plug it into a network; several are allowed, none is `none`', many)
    .addOption(new Option('--network <network>').argParser(many).hideHelp())
    .option('--ip <address>', 'its IPv4 address on the first network')
    .option('--ip6 <address>', 'its IPv6 address there')
    .option('--dns-alias <name>', 'one more name on its networks', many)
    .addOption(new Option('--network-alias <name>').argParser(many).hideHelp())
    .option('--dns <address>', 'a name server for all other names', many)
    .option('-e, --env <variable>', 'NAME=VALUE, or NAME to pass it on', many)
    .option(
      '-v, --volume <volume>',
      'SOURCE:DESTINATION[:ro], a path of the host and one inside',
      many,
    )
    .option('-w, --workdir <directory>', 'where it starts')
    .option('--hostname <name>', 'its host name; its name unless told')
    .option('--entrypoint <program>', "in the place of the image's own")
    .option('-l, --label <label>', 'NAME=VALUE', many)
    .addHelpText('after', after)
    // What stands behind the first word is the container's.
    .passThroughOptions()
  return command.action(async (words: readonly string[], flags: RunFlags) =>
    run(words, flags, terminal),
  )
}

const after = `
The first word is a ROOTFS when it is an existing directory and has a slash in
it, and an IMAGE when its name ends in .tar, .tar.gz or .tgz (docker save, OCI
layout). Otherwise the command begins with it, and is looked for among this
machine's own programs. Whatever the container writes goes with it.

A network may have Docker's long form: --net name=web,ip=10.0.0.9,alias=www.

Examples:
  netdojo run -it -p 80:80 --net testbridge sh
  netdojo run -d --name web --net testbridge serve 80
  netdojo run --rm --net testbridge curl http://web/
  netdojo run --rm ./rootfs /bin/ls /
  netdojo run --rm alpine.tar cat /etc/os-release

Exit codes: the program's own; 125 when the container could not be made, 126
when its program cannot be started, 127 when there is no such program.`

async function run(words: readonly string[], flags: RunFlags, terminal: Terminal): Promise<void> {
  const [{ NetdojoError }, { useContainers }, { runRequest }, { passSignals }] = await Promise.all([
    import('../../index.ts'),
    import('../open-containers.ts'),
    import('../container/run-request.ts'),
    import('../container/signals.ts'),
  ])
  try {
    refuseNoTerminal(flags)
    // No name server answers in the sandbox's world: a name that is none of a container's fails at once.
    const request = { ...(isInSandbox() ? { nameservers: [] } : {}), ...runRequest(words, flags) }
    const { detach = false, dryRun = false } = flags
    // Standard output is the container's.
    const tell = (text: string) =>
      dryRun ? terminal.write(`${text}\n\n`) : terminal.writeError(`${text}\n\n`)
    const code = await useContainers(
      async (containers) => {
        if (dryRun) {
          await containers.plan(request)
          return 0
        }
        const container = await containers.run(request, { attach: !detach, leave: detach })
        if (detach) {
          terminal.write(`${container.id}\n`)
          return 0
        }
        using _ = passSignals((signal) => containers.signal(container.id, signal))
        return await container.wait()
      },
      flags,
      tell,
    )
    if (code !== 0) endWith(code)
  } catch (error) {
    if (!(error instanceof NetdojoError)) throw error
    terminal.writeError(errorParagraph(error))
    endWith(codeOf(error))
  }

  function refuseNoTerminal({ tty, interactive, detach }: RunFlags): void {
    if (!tty || detach || (process.stdin.isTTY && process.stdout.isTTY)) return
    throw new NetdojoError({
      code: 'usage',
      operation: 'give the container',
      object: 'a terminal',
      reason: 'standard input or output is none',
      advice: [interactive ? 'leave -t away: -i alone works with pipes' : 'leave -t away'],
    })
  }
}

/** As `docker run` tells its own failures from the program's. */
function codeOf({ code }: NetdojoError): number {
  if (code === 'command-missing') return 127
  return code === 'command-unusable' ? 126 : 125
}
