// Reads the kernel's own counters of packets by fate: what it says that it did while we looked.

export type Counters = Readonly<Record<string, number>>

export const counterFiles =
  '/proc/net/snmp /proc/net/netstat /proc/net/snmp6 /proc/net/stat/nf_conntrack 2>/dev/null'

/** `Ip.ForwDatagrams`, `TcpExt.IPReversePathFilter`, `Ip6InNoRoutes`, `conntrack.insert_failed` … */
export function readCounters(text: string): Counters {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/))
  const counters: Record<string, number> = {}
  let columns: readonly string[] | undefined
  for (const [index, [group = '', ...fields]] of lines.entries()) {
    const values = lines[index + 1] ?? []
    if (group.endsWith(':') && values[0] === group && !Number.isFinite(Number(fields[0]))) {
      for (const [column, name] of fields.entries())
        counters[`${group.replace(':', '')}.${name}`] = Number(values[column + 1])
    } else if (/^(Ip6|Icmp6|Udp6)/.test(group)) counters[group] = Number(fields[0])
    else if (group === 'entries') columns = [group, ...fields]
    else if (columns && /^[0-9a-f]{8}$/.test(group)) addRow(counters, columns, [group, ...fields])
  }
  return counters
}

/** One row a processor, in hexadecimal digits. */
function addRow(
  counters: Record<string, number>,
  columns: readonly string[],
  row: readonly string[],
): void {
  for (const [column, name] of columns.entries()) {
    const key = `conntrack.${name}`
    counters[key] = (counters[key] ?? 0) + Number.parseInt(row[column] ?? '0', 16)
  }
}
