// Tells a container's record from what a damaged state file holds in its place, before anything is made of it.
import { corruptValue } from '../store/run-transaction.ts'
import type { ContainerRecord } from './records.ts'

type Fields = Readonly<Record<string, unknown>>

/** @throws NetdojoError `state-corrupt` */
export function containerAt(key: string, value: ContainerRecord): ContainerRecord {
  if (isContainer(value) && key.endsWith(`/${value.id}`)) return value
  throw corruptValue(key, 'the record does not describe a container')
}

function isContainer(value: unknown): value is ContainerRecord {
  if (!isFields(value)) return false
  const { id, name, netns, networks, ports, labels, status, keeper } = value
  return (
    matches(id, /^[0-9a-f]{16}$/) &&
    matches(name, /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/) &&
    matches(netns, /^\/run\/netns\/nd-[a-zA-Z0-9_.-]+$/) &&
    matches(status, /^(creating|running|exited|removing)$/) &&
    texts.every((field) => typeof value[field] === 'string') &&
    [value.autoRemove, value.terminal].every((flag) => typeof flag === 'boolean') &&
    isListOf(value.command, (word) => typeof word === 'string') &&
    isListOf(networks, isNetwork) &&
    isListOf(
      ports,
      (port) => isFields(port) && Number.isInteger(port.hostPort) && Number.isInteger(port.port),
    ) &&
    isFields(labels) &&
    [value.exitCode ?? 0].every(Number.isInteger) &&
    isToken(value.process ?? { pid: 1, startedAt: '' }) &&
    isFields(keeper) &&
    typeof keeper.boot === 'string' &&
    isToken(keeper.starter) &&
    isToken(keeper.monitor ?? keeper.starter)
  )
}

const texts = ['hostname', 'root', 'createdAt'] satisfies (keyof ContainerRecord)[]

function isNetwork(value: unknown): boolean {
  return (
    isFields(value) &&
    typeof value.name === 'string' &&
    isListOf(value.aliases, (alias) => typeof alias === 'string')
  )
}

/** No process to be sent a signal but a single one: kill(2) takes 0 and -1 for many. */
function isToken(value: unknown): boolean {
  return (
    isFields(value) &&
    Number.isInteger(value.pid) &&
    Number(value.pid) > 0 &&
    typeof value.startedAt === 'string'
  )
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isListOf(value: unknown, check: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(check)
}

function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value)
}
