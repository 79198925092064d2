// `netdojo doctor`: what this machine can do, what would get in the way, what to do about each, and whose fault it is.
import { readFileSync } from 'node:fs'
import { Chalk } from 'chalk'
import { Command, Option } from 'commander'
import { endWith, exitCodes } from '../shared/errors.ts'
import type { Terminal } from '../shared/terminal.ts'
import type { Area, Finding } from './doctor/machine.ts'

export function doctorCommand(terminal: Terminal): Command {
  return new Command('doctor')
    .description('Say what this machine can do, and what would get in the way.')
    .addOption(
      new Option('--format <format>', 'for a person or for a program')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText(
      'after',
      `
Examples:
  netdojo doctor
  netdojo doctor --format json

It looks and tries, in namespaces of its own, and changes nothing. Run by root,
it also reads the firewall's rules. In a sandbox it tells the machine from the
lab.

Exit codes: 0 nothing is wrong, 1 something will not work.`,
    )
    .action(async ({ format }: { readonly format: 'text' | 'json' }) => {
      const inSandbox = /^netdojo \/run tmpfs /m.test(mounts())
      const findings = await examine(inSandbox)
      const text =
        format === 'json'
          ? JSON.stringify({ inSandbox, findings }, null, 2)
          : page(findings, inSandbox, terminal)
      terminal.write(`${text}\n`)
      const failed = findings.some(({ state }) => state === 'fault')
      if (failed) endWith(exitCodes.checkFailed)
    })
}

async function examine(inSandbox: boolean): Promise<readonly Finding[]> {
  const [{ kernel, readFeatures }, { places }, { tools }, { network }] = await Promise.all([
    import('./doctor/machine.ts'),
    import('./doctor/machine.ts'),
    import('./doctor/machine.ts'),
    import('./doctor/network.ts'),
  ])
  const features = await readFeatures()
  const [where, net] = await Promise.all([inSandbox ? [] : places(features), network(inSandbox)])
  return [...where, tools(), ...kernel(features), ...net]
}

function page(findings: readonly Finding[], inSandbox: boolean, { hasColor }: Terminal): string {
  const { bold, dim, green, red, yellow } = new Chalk({ level: hasColor ? 1 : 0 })
  const marks = { ok: green('✓'), note: yellow('!'), fault: red('✗'), unknown: yellow('?') }
  const titles: Readonly<Record<Area, string>> = {
    places: 'Where scenarios can be played (--in PLACE)',
    tools: 'This machine',
    kernel: 'This machine',
    network: inSandbox
      ? 'The network of the lab (this host is a sandbox: the machine around it is not concerned)'
      : "This machine's own network (scenarios have their own: this is for `netdojo network`)",
  }
  const lines: string[] = []
  let title = ''
  for (const { area, name, state, observed, advice } of findings) {
    if (titles[area] !== title) lines.push((title === '' ? '' : '\n') + bold(titles[area]))
    title = titles[area]
    lines.push(`  ${marks[state]} ${name.padEnd(15)} ${observed}`)
    lines.push(...advice.map((line) => dim(`${' '.repeat(20)}→ ${line}`)))
  }
  const faults = findings.filter(({ state }) => state === 'fault').length
  const verdict =
    faults === 0
      ? green('✓ nothing is in the way')
      : red(`✗ ${faults} ${faults === 1 ? 'thing' : 'things'} to mend`)
  return [...lines, '', verdict].join('\n')
}

function mounts(): string {
  try {
    return readFileSync('/proc/self/mounts', 'utf8')
  } catch {
    return '' // not Linux
  }
}
