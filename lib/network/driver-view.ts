// Records as a driver is told of them.
import type { DriverEndpoint, DriverNetwork } from '../driver/driver.ts'
import { forwardsOf } from './ports.ts'
import type { EndpointRecord, NetworkRecord } from './records.ts'

export function driverNetwork(record: NetworkRecord): DriverNetwork {
  return record
}

export function driverEndpoint(record: EndpointRecord, announce = false): DriverEndpoint {
  return { ...record, announce, forwards: forwardsOf(record.ports, record.addresses) }
}
