// Keeps whether the packets of a command are followed on the picture, and of which command.
import { signal } from '@preact/signals'
import type { Followed } from '../model.ts'

export type PacketActions = {
  readonly onShow: (what: { kind: string; node: string; text: string }) => void
  readonly onTry: (command: number | null) => void
}

export const mode = signal<Followed | null>(null)

export function openPackets(followed: Followed, _actions: PacketActions): void {
  mode.value = followed
}

export function closePackets(): void {
  mode.value = null
}
