// Connects to the container engine of this machine, wherever testcontainers finds it: a socket, DOCKER_HOST, Docker Desktop.
import { existsSync } from 'node:fs'
import { getContainerRuntimeClient } from 'testcontainers'
import { NetdojoError } from '../../errors.ts'

export type Engine = Awaited<ReturnType<typeof getContainerRuntimeClient>>

/** @throws NetdojoError `sandbox-refused` when none answers. */
export async function connectToEngine(): Promise<Engine> {
  // We talk to no port of the container: testcontainers need not find out by which address, for which it may start another.
  process.env.TESTCONTAINERS_HOST_OVERRIDE ??= 'localhost'
  try {
    return await getContainerRuntimeClient()
  } catch (error) {
    throw new NetdojoError({
      code: 'sandbox-refused',
      operation: 'start',
      object: 'the container sandbox',
      reason: `no container engine answers ${where()}`,
      advice: [
        'start it: Docker Desktop, sudo systemctl start docker, or sudo dockerd',
        ...(process.platform === 'linux'
          ? [
              'may you use it? sudo usermod -aG docker $USER, and log in again',
              'is it elsewhere? DOCKER_HOST=unix:///PATH/docker.sock',
              'on Linux no engine is needed: --in namespaces',
            ]
          : []),
        'a virtual machine does it too: --in vm',
      ],
      cause: error,
    })
  }
}

function where(): string {
  const { DOCKER_HOST } = process.env
  if (DOCKER_HOST) return `at DOCKER_HOST, ${DOCKER_HOST}`
  return existsSync('/var/run/docker.sock')
    ? 'at /var/run/docker.sock'
    : '(no /var/run/docker.sock, and DOCKER_HOST is not set)'
}
