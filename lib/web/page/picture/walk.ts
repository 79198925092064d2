// Walks the picture by arrow keys: right and left to the next of a kind, down from node to device to wire, up again. It changes nothing.
import type { Layout, Wire } from '../../../observe/topology/layout.ts'

/** Where the walk is; a wire remembers the device from which it was reached. */
export type Spot =
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'device'; readonly node: string; readonly id: string }
  | { readonly kind: 'wire'; readonly id: string; readonly from: string }

export const walkKeys = ['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp', 'Home', 'Escape']

/** @returns null to leave the walk */
export function walked(layout: Layout, spot: Spot | null, key: string): Spot | null {
  const nodes = layout.nodes
    .toSorted((a, b) => a.box.x - b.box.x || a.box.y - b.box.y)
    .map(({ node }) => node.name)
  const first = nodes[0]
  if (key === 'Escape' || first === undefined) return null
  if (!spot || key === 'Home') return { kind: 'node', node: first }
  const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0
  switch (spot.kind) {
    case 'node': {
      if (step !== 0) return { kind: 'node', node: next(nodes, spot.node, step) }
      const [device] = devicesOf(layout, spot.node)
      return key === 'ArrowDown' && device !== undefined
        ? { kind: 'device', node: spot.node, id: device }
        : spot
    }
    case 'device': {
      if (step !== 0) return { ...spot, id: next(devicesOf(layout, spot.node), spot.id, step) }
      if (key === 'ArrowUp') return { kind: 'node', node: spot.node }
      const [wire] = wiresOf(layout, spot.id)
      return wire ? { kind: 'wire', id: wire.id, from: spot.id } : spot
    }
    case 'wire': {
      const wires = wiresOf(layout, spot.from).map(({ id }) => id)
      if (step !== 0) return { ...spot, id: next(wires, spot.id, step) }
      const wire = layout.wires.find(({ id }) => id === spot.id)
      const end = key === 'ArrowUp' || !wire ? spot.from : otherEnd(wire, spot.from)
      return { kind: 'device', node: nodeOf(layout, end), id: end }
    }
  }
}

function next(all: readonly string[], current: string, step: number): string {
  const index = all.indexOf(current)
  return all[(index + step + all.length) % all.length] ?? current
}

function devicesOf({ nodes }: Layout, name: string): readonly string[] {
  return nodes.find(({ node }) => node.name === name)?.devices.map(({ id }) => id) ?? []
}

function wiresOf({ wires }: Layout, device: string): readonly Wire[] {
  return wires.filter(({ from, to }) => from === device || to === device)
}

export function otherEnd({ from, to }: Wire, device: string): string {
  return from === device ? to : from
}

function nodeOf({ nodes }: Layout, device: string): string {
  return nodes.find(({ devices }) => devices.some(({ id }) => id === device))?.node.name ?? ''
}
