// What this kernel can do, tried in an empty network of its own.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NetdojoError } from '../../../errors.ts'
import { run } from '../../../exec/run.ts'
import { isInstalled } from '../../../exec/search-path.ts'
import { requireHere } from '../../../sandbox/here.ts'
import { inNamespaces } from '../../../sandbox/namespaces.ts'
import { startError } from '../../../sandbox/start-error.ts'
import { isEmulated } from '../../../sandbox/vm/machine.ts'

/** Each with what the kernel said when it refused; absent when it did not. */
export type Features = ReadonlyMap<string, string | undefined>

/** Without these the scenarios cannot be played; the others are for what comes after them. */
const needed: ReadonlySet<string> = new Set([
  'veth',
  'bridge',
  'nftables',
  'NAT',
  'iptables',
  'conntrack',
])

/** @returns the error, when no world can be made here. */
export async function readFeatures(): Promise<Features | NetdojoError> {
  const { program, args, env } = inNamespaces(['sh', join(import.meta.dirname, 'features.sh')])
  try {
    const { stdout, stderr } = await run(program, args, { env, allowFailure: true })
    if (stdout === '') return startError(stderr)
    return new Map(
      stdout.split('\n').map((line) => {
        const [name = '', answer, ...said] = line.split(' ')
        return [name, answer === 'ok' ? undefined : said.join(' ').trim()]
      }),
    )
  } catch (error) {
    if (error instanceof NetdojoError) return error
    throw error
  }
}

export function kernel(features: Features | NetdojoError): readonly Finding[] {
  if (features instanceof NetdojoError)
    return [unknown('kernel', 'kernel', 'what it can do is tried in namespaces: see above')]
  const there = [...features].flatMap(([name, said]) => (said === undefined ? [name] : []))
  const lacking = [...features].filter(([, said]) => said !== undefined)
  const missing = lacking.filter(([name]) => needed.has(name))
  const optional = lacking.flatMap(([name]) => (needed.has(name) ? [] : [name]))
  return [
    ok('kernel', 'kernel', there.join(', ')),
    ...missing.map(([name, said]) =>
      fault(
        'kernel',
        name,
        `not here: ${said}`,
        `${modules[name] ? `sudo modprobe ${modules[name]}, or ` : ''}a distribution's own kernel; or --in vm`,
      ),
    ),
    ...(optional.length === 0
      ? []
      : [note('kernel', 'kernel', `not here, and no scenario needs it: ${optional.join(', ')}`)]),
  ]
}

const modules: Readonly<Record<string, string>> = {
  veth: 'veth',
  bridge: 'bridge',
  nftables: 'nf_tables',
  NAT: 'nft_masq nft_chain_nat',
  iptables: 'xt_MASQUERADE iptable_nat',
  conntrack: 'nf_conntrack_netlink',
}

export type Finding = {
  /** Whose it is: of this machine, or of the network that the command was typed in. */
  readonly area: Area
  readonly name: string
  /** `fault`: something will not work; `note`: it may explain what is seen; `unknown`: it could not be looked at. */
  readonly state: 'ok' | 'note' | 'fault' | 'unknown'
  readonly observed: string
  readonly advice: readonly string[]
}

export type Area = 'places' | 'tools' | 'kernel' | 'network'

export function ok(area: Area, name: string, observed: string): Finding {
  return { area, name, state: 'ok', observed, advice: [] }
}

export function fault(
  area: Area,
  name: string,
  observed: string,
  ...advice: readonly string[]
): Finding {
  return { area, name, state: 'fault', observed, advice }
}

export function note(
  area: Area,
  name: string,
  observed: string,
  ...advice: readonly string[]
): Finding {
  return { area, name, state: 'note', observed, advice }
}

export function unknown(
  area: Area,
  name: string,
  observed: string,
  ...advice: readonly string[]
): Finding {
  return { area, name, state: 'unknown', observed, advice }
}

const setup = join(import.meta.dirname, '../../../../scripts/setup.sh')

export function tools(): Finding {
  const [, table = ''] = /^tools='\n(.*?)^'/ms.exec(readFileSync(setup, 'utf8')) ?? []
  const names = [...new Set(table.split('\n').flatMap((line) => line.split(' ')[0] || []))]
  const missing = names.filter((name) => !isInstalled(name))
  if (missing.length === 0) return ok('tools', 'tools', `all ${names.length} are here`)
  return fault(
    'tools',
    'tools',
    `missing: ${missing.join(', ')}`,
    'sh scripts/setup.sh installs them, or prints the command that does',
  )
}

/** @param features what a world in namespaces said, or why there could be none. */
export async function places(features: Features | NetdojoError): Promise<readonly Finding[]> {
  const found = [
    features instanceof NetdojoError
      ? note('places', 'namespaces', firstLine(features.reason), ...features.advice.slice(0, 2))
      : ok('places', 'namespaces', 'work here: nothing else is needed'),
    await container(),
    virtualMachine(),
    here(),
  ]
  if (found.slice(0, 3).some(({ state }) => state === 'ok')) return found
  // Each alone is nobody's fault: only that there is none.
  return found.map(({ name, observed, advice }) => fault('places', name, observed, ...advice))
}

async function container(): Promise<Finding> {
  try {
    const { connectToEngine } = await import('../../../sandbox/container/engine.ts')
    const { info } = await connectToEngine()
    const { operatingSystem, serverVersion } = info.containerRuntime
    return ok('places', 'container', `an engine answers: ${serverVersion}, ${operatingSystem}`)
  } catch (error) {
    if (!(error instanceof NetdojoError)) throw error
    return note('places', 'container', error.reason, ...error.advice.slice(0, 1))
  }
}

function virtualMachine(): Finding {
  const missing = ['vagrant', 'ssh', 'rsync'].filter((tool) => !isInstalled(tool))
  if (missing.length > 0) return note('places', 'vm', `not installed: ${missing.join(', ')}`)
  return ok(
    'places',
    'vm',
    isEmulated()
      ? 'Vagrant is here; no usable /dev/kvm: libvirt would emulate, slowly'
      : 'Vagrant is here',
  )
}

function here(): Finding {
  try {
    requireHere(false)
    return ok('places', 'here', 'allowed: root of a virtual machine')
  } catch (error) {
    if (!(error instanceof NetdojoError)) throw error
    return note('places', 'here', error.reason)
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}
