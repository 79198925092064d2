// Joins the packet mode for the page: its parts in the four places, and its keys.
import { answer, back, closePackets, forward, isAsking, question, toFirst, toLast } from './mode.ts'
import { toggle } from './time.ts'

export { HopPanel, hopTitle } from './hop-panel.ts'
export { PacketStory } from './story.ts'
export { PacketControls, PacketLine } from './time.ts'

/** @returns whether the key was one of the packets. */
export function packetKeys({ key }: KeyboardEvent): boolean {
  const asked = question.value?.answers[Number(key) - 1]
  if (asked) {
    answer(asked.value)
    return true
  }
  const action = keys[key]
  action?.()
  return action !== undefined
}

const keys: Readonly<Record<string, (() => void) | undefined>> = {
  ArrowRight: () => void forward(),
  ArrowLeft: back,
  ' ': toggle,
  Home: toFirst,
  // What is asked first is not shown at once.
  End: () => (isAsking.value ? void forward() : toLast()),
  '/': () => document.querySelector<HTMLElement>('.packet-story .chip')?.focus(),
  Escape: closePackets,
}
