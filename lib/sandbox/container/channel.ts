// Starts a program of the project in a container of its own, with its standard streams as a channel. The container ends with us.
import { Duplex, PassThrough } from 'node:stream'
import type { Channelled } from '../../exec/channelled.ts'
import type { Inside } from '../backend.ts'
import { connectToEngine } from './engine.ts'
import { programIn } from './execute.ts'
import { ensureImage } from './image.ts'
import { startContainer } from './start.ts'

/** @throws NetdojoError `sandbox-refused` or `sandbox-failed` */
export async function channelInContainer(
  inside: Inside,
  report: (text: string) => void,
): Promise<Channelled> {
  const engine = await connectToEngine()
  const container = await startContainer(engine, await ensureImage(engine, report))
  try {
    const { stream, ended } = await programIn(engine, container.id, inside, false)
    const output = new PassThrough()
    let startErrors = ''
    const errors = new PassThrough().setEncoding('utf8')
    errors.on('data', (text: string) => (startErrors += text))
    engine.container.dockerode.modem.demuxStream(stream, output, errors)
    stream.once('end', () => output.end()).once('close', () => output.end())
    const end = async () => {
      const exitCode = await ended
      await container[Symbol.asyncDispose]()
      return { exitCode, startErrors }
    }
    const channel = Duplex.from({ readable: output, writable: stream })
    channel.on('error', () => {})
    return {
      channel,
      ended: end(),
      kill: () => void container[Symbol.asyncDispose](),
    }
  } catch (error) {
    await container[Symbol.asyncDispose]()
    throw error
  }
}
