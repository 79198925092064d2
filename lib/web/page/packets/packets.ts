// Shows the packets of one command in the four places: list, hop, controls and line.
import { h, type ComponentChild } from 'preact'
import { mode } from './mode.ts'

export function PacketStory(): ComponentChild {
  return h('p', {}, mode.value?.line)
}

export function HopPanel(): ComponentChild {
  return null
}

export function PacketControls(): ComponentChild {
  return null
}

export function PacketLine(): ComponentChild {
  return null
}

/** @returns whether the key was one of the packets. */
export function packetKeys(_event: KeyboardEvent): boolean {
  return false
}
