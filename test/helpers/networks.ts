// Opens networks in a new state directory. All tests of lib/network use it.
import {
  NetdojoError,
  openNetworks,
  type Networks,
  type OpenNetworksOptions,
} from '../../lib/index.ts'
import { cleanHost, sandboxSuite } from './sandbox.ts'
import type { DefineAll, DefineTest } from './suite.ts'
import { newDirectory } from './directory.ts'

export { newDirectory }

/** Like `sandboxSuite`; each test begins on a host without networks and namespaces. */
export function networkSuite(name: string, defineAll: DefineAll): void {
  sandboxSuite(name, (test, slow) => defineAll(onCleanHost(test), onCleanHost(slow)))
}

function onCleanHost(define: DefineTest): DefineTest {
  return (title, body, { seconds = 90 } = {}) =>
    define(
      title,
      () => {
        cleanHost()
        return body()
      },
      { seconds },
    )
}

export function open(options: OpenNetworksOptions = {}): Promise<Networks> {
  return openNetworks({ stateDirectory: newDirectory(), ...options })
}

export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return (await errorOf(promise)).code
}

export async function errorOf(promise: Promise<unknown>): Promise<NetdojoError> {
  const error = await promise.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof NetdojoError) return error
  throw error
}
