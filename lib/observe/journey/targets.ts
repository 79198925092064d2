// Which addresses a command line names: where nothing was sent, they tell what could not be.
import { isIP } from 'node:net'

export function targetsOf(command: string): readonly string[] {
  const words = command.split(/[\s'"]+/)
  const found = words.flatMap((word) => {
    const host = /^\w+:\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)/.exec(word)?.[1] ?? word
    const address = host.replace(/^\[|\]$/g, '').replace(/^([\d.]+):\d+$/, '$1')
    return isIP(address) === 0 ? [] : [address]
  })
  return [...new Set(found)]
}
