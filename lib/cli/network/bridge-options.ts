// The bridge driver's options by Docker's names for them, and by short ones; what is neither is refused.
import type { CreateNetwork } from '../../index.ts'
import { usageError } from '../usage-error.ts'

type Meaning = {
  readonly short: string
  readonly docker: string
  readonly apply: (value: string) => Partial<CreateNetwork>
}

const meanings: readonly Meaning[] = [
  {
    short: 'mtu',
    docker: 'com.docker.network.driver.mtu',
    apply: (value) => ({ mtu: number('mtu', value) }),
  },
  {
    short: 'icc',
    docker: 'com.docker.network.bridge.enable_icc',
    apply: (value) => ({ internalTraffic: flag('icc', value) }),
  },
  {
    short: 'masquerade',
    docker: 'com.docker.network.bridge.enable_ip_masquerade',
    apply: (value) => ({ masquerade: flag('masquerade', value) }),
  },
  {
    short: 'interface',
    docker: 'com.docker.network.bridge.name',
    apply: (value) => ({ options: { interface: value } }),
  },
]

/** @throws NetdojoError `usage` */
export function bridgeOptions(given: Readonly<Record<string, string>>): Partial<CreateNetwork> {
  const parts = Object.entries(given).map(([key, value]) => {
    const meaning = meanings.find(({ short, docker }) => key === short || key === docker)
    if (!meaning)
      throw usageError(
        'use the option',
        key,
        'the bridge driver has none of that name',
        ...meanings.map(({ short, docker }) => `${short} (${docker})`),
      )
    return meaning.apply(value)
  })
  return Object.assign({}, ...parts)
}

function number(key: string, value: string): number {
  if (/^[1-9]\d{0,4}$/.test(value)) return Number(value)
  throw usageError(`use as ${key}`, value, 'it is not a whole number')
}

function flag(key: string, value: string): boolean {
  if (['true', '1'].includes(value)) return true
  if (['false', '0'].includes(value)) return false
  throw usageError(`use as ${key}`, value, 'it is neither true nor false')
}
