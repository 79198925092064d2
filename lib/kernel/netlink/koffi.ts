// Loads koffi, which calls C functions: the project's own, or the system's when the project's packages come from another system.
import type koffi from 'koffi'

type Koffi = typeof koffi

/** Where `npm install --global` puts it in the image of the container sandbox (lib/sandbox/container/Dockerfile). */
const ofImage = '/usr/local/lib/node_modules/koffi/index.js'

/** @throws Error where koffi supports neither the processor nor the C library */
export async function loadKoffi(): Promise<Koffi> {
  try {
    return (await import('koffi')).default
  } catch (error) {
    const found: { default: Koffi } | undefined = await import(ofImage).catch(() => undefined)
    if (found) return found.default
    throw error
  }
}
