// An IPv6 address as the kernel's tools write it (RFC 5952).

/** RFC 5952: the longest run of zeros is shortened. */
export function ipv6(bytes: Buffer, at: number): string {
  const words = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(at + 2 * index))
  const text = words.map((word) => word.toString(16)).join(':')
  const runs = [...text.matchAll(/(?<![^:])0(?::0(?![^:]))+/g)].map(([run]) => run)
  const longest = runs.toSorted((a, b) => b.length - a.length)[0]
  if (longest === undefined) return text
  const start = text.search(new RegExp(`(?<![^:])${longest}(?![^:])`))
  const [before, after] = [text.slice(0, start), text.slice(start + longest.length)]
  return `${before.replace(/:$/, '')}::${after.replace(/^:/, '')}`
}
