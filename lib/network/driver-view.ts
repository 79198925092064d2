// Records as a driver is told of them.
import type { DriverEndpoint, DriverNetwork } from '../driver/driver.ts'
import { forwardsOf } from './ports.ts'
import type { EndpointRecord, NetworkRecord } from './records.ts'

export function driverNetwork(record: NetworkRecord): DriverNetwork {
  return record
}

/** `attaching` is what matters only at that moment. */
export function driverEndpoint(
  record: EndpointRecord,
  attaching: Pick<DriverEndpoint, 'announce' | 'isFirst'> = { announce: false, isFirst: false },
): DriverEndpoint {
  return { ...record, ...attaching, forwards: forwardsOf(record.ports, record.addresses) }
}
