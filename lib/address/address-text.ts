// Writes the bytes of an IP or hardware address as the kernel's tools do: dotted decimal, RFC 5952, or pairs of hexadecimal digits.

/** 4 bytes are IPv4, 16 are IPv6. */
export function addressText(bytes: Uint8Array): string {
  return bytes.length === 4 ? bytes.join('.') : ipv6Text(bytes)
}

export function macText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':')
}

/** RFC 5952: the first of the longest runs of zeros is shortened, unless it is a single group. */
function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from(
    { length: 8 },
    (_, index) => ((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0),
  )
  // An IPv4 address in an IPv6 socket (RFC 4291 2.5.5.2).
  if (groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0))
    return `::ffff:${bytes.subarray(12, 16).join('.')}`
  let [start, length] = [-1, 1]
  for (let at = 0; at < 8; at += 1) {
    let end = at
    while (groups[end] === 0) end += 1
    if (end - at > length) [start, length] = [at, end - at]
    if (end > at) at = end
  }
  const words = groups.map((group) => group.toString(16))
  if (start < 0) return words.join(':')
  return `${words.slice(0, start).join(':')}::${words.slice(start + length).join(':')}`
}
