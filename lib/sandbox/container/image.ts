// Provides the image of the container sandbox: NETDOJO_IMAGE, or an image of our Dockerfile, whose name is a hash of its content.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NetdojoError } from '../../errors.ts'
import type { Engine } from './engine.ts'

const files = ['Dockerfile', 'packages']

type Docker = Engine['container']['dockerode']

/**
 * @param report called with what takes long.
 * @returns the name of an image that the engine has.
 * @throws NetdojoError `sandbox-failed` when the image can be neither fetched nor built.
 */
export async function ensureImage(engine: Engine, report: (text: string) => void): Promise<string> {
  const docker = engine.container.dockerode
  const given = process.env.NETDOJO_IMAGE
  const name = given || builtName()
  if (await exists(docker, name)) return name
  report(given ? `fetching the image ${name}` : `building the image ${name} (once, some minutes)`)
  try {
    const stream = given
      ? await docker.pull(name)
      : await docker.buildImage({ context: import.meta.dirname, src: files }, { t: name })
    await follow(docker, stream, report)
  } catch (error) {
    throw notThere(name, Boolean(given), error)
  }
  return name
}

/** The name changes with the content, so that an old image is never used. import-image.sh computes the same name. */
export function builtName(): string {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(join(import.meta.dirname, file)))
  return `netdojo:${hash.digest('hex').slice(0, 12)}`
}

async function exists(docker: Docker, name: string): Promise<boolean> {
  try {
    await docker.getImage(name).inspect()
    return true
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return false
    throw error
  }
}

/** Reports each step of a build as it begins, but not the layers of a fetched image. */
function follow(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  report: (text: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(
      stream,
      (error) => (error ? reject(error) : resolve()),
      (event: { readonly stream?: string }) => {
        const step = /^Step \d+\/\d+ : .*/.exec(event.stream ?? '')
        if (step) report(step[0])
      },
    )
  })
}

function notThere(name: string, given: boolean, error: unknown): NetdojoError {
  return new NetdojoError({
    code: 'sandbox-failed',
    operation: given ? 'fetch' : 'build',
    object: `the image ${name}`,
    reason: error instanceof Error ? error.message.trim() : String(error),
    advice: given
      ? ['NETDOJO_IMAGE must be the name of an image with Node 24 and the networking tools']
      : [
          'check that this machine reaches a registry: docker pull node:24-bookworm-slim',
          'build it without a registry, on Debian or Ubuntu: sudo sh lib/sandbox/container/import-image.sh',
          'use an image that the engine has: NETDOJO_IMAGE=NAME',
        ],
    cause: error,
  })
}
