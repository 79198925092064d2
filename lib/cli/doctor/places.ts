// Which of the four places work here, each by trying it: an empty world is made, an engine asked, a virtual machine looked for.
import { NetdojoError } from '../../errors.ts'
import { isInstalled } from '../../exec/search-path.ts'
import { requireHere } from '../../sandbox/here.ts'
import { isEmulated } from '../../sandbox/vm/machine.ts'
import { fault, note, ok, type Finding } from './finding.ts'
import type { Features } from './features.ts'

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
    const { connectToEngine } = await import('../../sandbox/container/engine.ts')
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
