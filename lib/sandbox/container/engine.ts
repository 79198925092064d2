// Connects to the container engine of this machine that testcontainers finds: a socket, DOCKER_HOST, or Docker Desktop.
import { existsSync } from 'node:fs'
import type { getContainerRuntimeClient } from 'testcontainers'
import { NetdojoError } from '../../errors.ts'

export type Engine = Awaited<ReturnType<typeof getContainerRuntimeClient>>

/** @throws NetdojoError `sandbox-refused` when no engine answers. */
export async function connectToEngine(): Promise<Engine> {
  // The sandbox uses no port of the container, so testcontainers need not start another container to find its address.
  process.env.TESTCONTAINERS_HOST_OVERRIDE ??= 'localhost'
  const { getContainerRuntimeClient } = await import('testcontainers').catch(refuseMissing)
  try {
    return await getContainerRuntimeClient()
  } catch (error) {
    throw new NetdojoError({
      code: 'sandbox-refused',
      operation: 'start',
      object: 'the container sandbox',
      reason: `no container engine answers ${where()}`,
      advice: [
        'start Docker Desktop, or the engine: sudo systemctl start docker',
        ...(process.platform === 'linux'
          ? [
              'if you may not use it: sudo usermod -aG docker $USER, then log in again',
              'if it listens elsewhere: DOCKER_HOST=unix:///PATH/docker.sock',
              'use namespaces, which need no engine: --in namespaces',
            ]
          : []),
        'use a virtual machine (needs Vagrant): --in vm',
      ],
      cause: error,
    })
  }
}

/** The installed package does not depend on it, since no library needs it. */
function refuseMissing(cause: unknown): never {
  throw new NetdojoError({
    code: 'sandbox-refused',
    operation: 'start',
    object: 'the container sandbox',
    reason: 'the package testcontainers must be installed for it, and it cannot be loaded',
    advice: ['npm install testcontainers', 'use namespaces, which need no engine: --in namespaces'],
    cause,
  })
}

function where(): string {
  const { DOCKER_HOST } = process.env
  if (DOCKER_HOST) return `at DOCKER_HOST, ${DOCKER_HOST}`
  return existsSync('/var/run/docker.sock')
    ? 'at /var/run/docker.sock'
    : '(no /var/run/docker.sock, and DOCKER_HOST is not set)'
}
