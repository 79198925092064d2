// The kernel's own counters of packets by fate (/proc/net/snmp, /proc/net/netstat): what it says it did while we looked.

export type Counters = Readonly<Record<string, number>>

/** `Ip.ForwDatagrams`, `IpExt.InNoRoutes`, `TcpExt.IPReversePathFilter` … */
export function readCounters(text: string): Counters {
  const lines = text.split('\n').map((line) => line.split(' '))
  return Object.fromEntries(
    lines.flatMap(([group = '', ...names], index) => {
      const values = lines[index + 1]
      if (values?.[0] !== group || Number.isFinite(Number(names[0]))) return []
      return names.map((name, column) => [
        `${group.replace(':', '')}.${name}`,
        Number(values[column + 1]),
      ])
    }),
  )
}
