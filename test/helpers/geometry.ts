// Asserts that a picture is readable: nothing overlaps, everything is inside its parent, words fit, and wires run only where they may.
import { lengthOf } from '../../lib/observe/topology/characters.ts'
import * as assert from 'uvu/assert'
import type { Style } from '../../lib/observe/topology/contents.ts'
import type { Box } from '../../lib/observe/topology/contents.ts'
import type { Layout, Point, Wire } from '../../lib/observe/topology/layout.ts'

/** The rounding error: one pixel, or a part of a character. */
const tolerance = 0.01

export function readable(layout: Layout, style: Style): void {
  const page = { x: 0, y: 0, width: layout.width, height: layout.height }
  const boxes = layout.nodes.map(({ box, node }) => [node.name, box] as const)
  apart(boxes)
  for (const { box, node, caption, devices } of layout.nodes) {
    inside(page, box, node.name)
    inside(box, caption, `the name and marks of ${node.name}`)
    apart([
      ['the name and marks', caption],
      ...devices.map((device) => [device.contents.name, device.box] as const),
    ])
    const widest = Math.max(
      lengthOf(node.name) * style.titleCharacter,
      ...node.marks.map(({ text }) => style.bullet + lengthOf(text) * style.character),
    )
    assert.ok(widest <= caption.width + tolerance, `the caption of ${node.name} fits`)
    assert.ok(style.titleLine + node.marks.length * style.line <= caption.height + tolerance)
    for (const device of devices) {
      inside(box, device.box, device.contents.name)
      for (const words of [device.contents.name, ...device.contents.lines]) {
        const width = lengthOf(words) * style.character + 2 * style.inset.x
        assert.ok(width <= device.box.width + tolerance, `'${words}' fits`)
      }
      const lines = 1 + device.contents.lines.length
      assert.ok(lines * style.line + 2 * style.inset.y <= device.box.height + tolerance)
    }
  }
  for (const wire of layout.wires) free(wire, layout)
}

function apart(boxes: readonly (readonly [string, Box])[]): void {
  for (const [index, [name, box]] of boxes.entries())
    for (const [other, second] of boxes.slice(index + 1)) {
      const overlap =
        box.x + box.width > second.x + tolerance &&
        second.x + second.width > box.x + tolerance &&
        box.y + box.height > second.y + tolerance &&
        second.y + second.height > box.y + tolerance
      assert.not.ok(overlap, `${name} and ${other} overlap`)
    }
}

function inside(outer: Box, inner: Box, name: string): void {
  const fits =
    inner.x >= outer.x - tolerance &&
    inner.y >= outer.y - tolerance &&
    inner.x + inner.width <= outer.x + outer.width + tolerance &&
    inner.y + inner.height <= outer.y + outer.height + tolerance
  assert.ok(fits, `${name} is inside`)
}

/** A wire is straight, ends at two devices, and touches no text and no other device. */
function free({ points }: Wire, layout: Layout): void {
  assert.ok(points.length >= 2)
  const devices = layout.nodes.flatMap((node) => node.devices.map(({ box }) => box))
  for (const end of [points.at(0), points.at(-1)])
    assert.ok(
      devices.some((box) => end && onBorder(box, end)),
      'a wire ends at a device',
    )
  const words = layout.nodes.map(({ caption }) => caption)
  for (const [index, to] of points.slice(1).entries()) {
    const from = points[index] ?? to
    assert.ok(from.x === to.x || from.y === to.y, 'a wire is straight')
    for (const box of [...devices, ...words])
      assert.not.ok(through(box, from, to), 'a wire runs through a box')
  }
}

const nearly = 1.5

function onBorder(box: Box, { x, y }: Point): boolean {
  const isBetween = (value: number, from: number, length: number) =>
    value >= from - nearly && value <= from + length + nearly
  const isAt = (value: number, from: number, length: number) =>
    Math.abs(value - from) <= nearly || Math.abs(value - from - length) <= nearly
  return (
    (isAt(x, box.x, box.width) && isBetween(y, box.y, box.height)) ||
    (isAt(y, box.y, box.height) && isBetween(x, box.x, box.width))
  )
}

function through(box: Box, from: Point, to: Point): boolean {
  const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)]
  const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)]
  return (
    right > box.x + nearly &&
    left < box.x + box.width - nearly &&
    bottom > box.y + nearly &&
    top < box.y + box.height - nearly
  )
}
