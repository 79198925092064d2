// Fits the picture into its place: how large it is drawn, where its caption has room, and how its parts move to their new places.
import { signal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { Box } from '../../../observe/topology/contents.ts'
import type { Layout, Wire } from '../../../observe/topology/layout.ts'
import type { PictureSize } from '../model.ts'
import { isCalm } from '../packets/mode.ts'
import { deviceKey, nodeKey } from './changed.ts'

/** Around the picture, as in its style sheet. */
export const margin = 7
/** A place of this width, that of a window of 1600, first makes the picture larger, and then gives it space. */
const wide = { from: 1100, largest: 1.25 }

/** `whole` also counts the row of the caption. */
export const place = signal({ width: 0, height: 0, whole: 0 })

/** Whether the reader of a phone has scrolled the text: the picture then folds to the node that is spoken of. */
export const isRead = signal(false)

export function useSpokenNode(
  view: { readonly current: HTMLElement | null },
  layout: Layout | null,
  name: string | undefined,
): void {
  const box = layout?.nodes.find(({ node }) => node.name === name)?.box
  useEffect(() => {
    const { current: element } = view
    if (!element || !box) return
    element.scrollTo({
      left: box.x + box.width / 2 - element.clientWidth / 2,
      top: box.y - margin,
    })
  }, [name, isRead.value, box === undefined])
}

export function useSize(view: { readonly current: HTMLElement | null }): void {
  useLayoutEffect(() => {
    const { current: element } = view
    if (!element) return
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element
      const whole = element.closest('.picture')?.clientHeight ?? height
      const { value: before } = place
      if (before.width !== width || before.height !== height || before.whole !== whole)
        place.value = { width, height, whole }
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [view.current])
}

export function fitting({ width, height }: Layout, size: PictureSize): number {
  if (size === 'narrow' || place.value.width < wide.from) return 1
  const room = (whole: number, needed: number) => (whole - 2 * margin) / needed
  const most = Math.min(room(place.value.width, width), room(place.value.height, height))
  return Math.max(1, Math.min(wide.largest, most))
}

/** What a caption takes at least, in pixels. */
const caption = { width: 260, height: 52 }
/** The buttons at the lower right corner. */
const buttons = 190

/** The free room for the caption at the lower border; null where it would cover a node. */
export function captionRoom(layout: Layout): { left: number; width: number } | null {
  const { width, whole: height } = place.value
  const scale = fitting(layout, 'wide')
  if (layout.width * scale + 2 * margin > width + 1) return null
  const below = layout.nodes
    .map(({ box }) => box)
    .filter((box) => (box.y + box.height) * scale + 2 * margin > height - caption.height)
  const edges = (box: Box) => ({
    from: box.x * scale + margin - 12,
    to: (box.x + box.width) * scale + margin + 12,
  })
  const taken = below.map(edges).toSorted((a, b) => a.from - b.from)
  const ends = [margin, ...taken.map(({ to }) => to)]
  const starts = [...taken.map(({ from }) => from), Infinity]
  const gaps = ends.map((left, index) => ({
    left,
    width: Math.min(starts[index] ?? 0, width - buttons) - left,
  }))
  const widest = gaps.toSorted((a, b) => b.width - a.width)[0]
  return widest && widest.width >= caption.width ? widest : null
}

const gliding = { duration: 200, easing: 'ease-out' }
/** More parts would not move smoothly. */
const mostGliding = 60

/** Moves what has a new place there, and lets what is new appear. */
export function useGlide(
  view: { readonly current: HTMLElement | null },
  layout: Layout | null,
  size: PictureSize,
): void {
  const last = useRef<{ readonly boxes: ReadonlyMap<string, Box>; readonly size: string }>(null)
  useLayoutEffect(() => {
    const { current: before } = last
    const boxes = layout ? boxesOf(layout) : new Map<string, Box>()
    last.current = { boxes, size }
    if (before?.size !== size || boxes.size > mostGliding || before.boxes.size === 0) return
    if (isCalm()) return
    const wayOf = new Map(layout?.wires.map((wire) => [wire.id, wayKey(wire)]))
    for (const part of view.current?.querySelectorAll<SVGElement>('[data-part]') ?? []) {
      const { part: id = '' } = part.dataset
      const key = wayOf.get(id) ?? id
      const [from, to] = [before.boxes.get(key), boxes.get(key)]
      if (!from || !to) part.animate({ opacity: [0, 1] }, gliding)
      else if (from.x !== to.x || from.y !== to.y)
        part.animate(
          { transform: [`translate(${from.x - to.x}px, ${from.y - to.y}px)`, 'none'] },
          gliding,
        )
    }
  }, [layout, size])
}

const nowhere: Box = { x: 0, y: 0, width: 0, height: 0 }

/** A wire that has another way is a new one. */
function wayKey({ id, points }: Wire): string {
  return `${id} ${JSON.stringify(points)}`
}

function boxesOf({ nodes, wires }: Layout): ReadonlyMap<string, Box> {
  const ways = wires.map((wire) => [wayKey(wire), nowhere] as const)
  const boxes = nodes.flatMap(({ node, box, devices }) => [
    [nodeKey(node.name), box] as const,
    ...devices.map((device) => [deviceKey(device.id), device.box] as const),
  ])
  return new Map([...boxes, ...ways])
}
