// Which image the container sandbox runs: NETDOJO_IMAGE, or one built from our Dockerfile and kept under a name made of its content.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NetdojoError } from '../../errors.ts'
import type { Engine } from './engine.ts'

const files = ['Dockerfile', 'packages']

type Docker = Engine['container']['dockerode']

/**
 * The name of an image that is there.
 * @param say told what takes long.
 * @throws NetdojoError `sandbox-failed` when there is none and none can be had.
 */
export async function ensureImage(engine: Engine, say: (text: string) => void): Promise<string> {
  const docker = engine.container.dockerode
  const given = process.env.NETDOJO_IMAGE
  const name = given || builtName()
  if (await exists(docker, name)) return name
  say(given ? `fetching the image ${name}` : `building the image ${name} (once, some minutes)`)
  try {
    const stream = given
      ? await docker.pull(name)
      : await docker.buildImage({ context: import.meta.dirname, src: files }, { t: name })
    await follow(docker, stream, say)
  } catch (error) {
    throw notThere(name, Boolean(given), error)
  }
  return name
}

/** Changes with what the image is made of, so that an old one is never taken for it; import-image.sh makes the same. */
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

/** Says each step of a build as it begins; of a fetched image's layers, nothing. */
function follow(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  say: (text: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(
      stream,
      (error) => (error ? reject(error) : resolve()),
      (event: { readonly stream?: string }) => {
        const step = /^Step \d+\/\d+ : .*/.exec(event.stream ?? '')
        if (step) say(step[0])
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
      ? ['NETDOJO_IMAGE names an image with Node 24 and the networking tools: is it spelt right?']
      : [
          'can this machine reach a registry? docker pull node:24-bookworm-slim',
          'without a registry, on Debian: sudo sh lib/sandbox/container/import-image.sh builds it from packages',
          'an image that is already here: NETDOJO_IMAGE=NAME',
        ],
    cause: error,
  })
}
