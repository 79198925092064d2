// Shows the network in its place: drawn from a layout, with what changed, the packet that is followed, and a walk by the arrow keys.
import { useSignal, type Signal } from '@preact/signals'
import { h, type ComponentChild } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Layout } from '../../../observe/topology/layout.ts'
import type { Link } from '../../../kernel/state/state.ts'
import { describe } from '../../../workshop/describe.ts'
import { Button, classes } from '../elements.ts'
import type { Shown } from '../model.ts'
import { dropHere, ground, mode, packet, row } from '../packets/mode.ts'
import { Moving, narrowSize, Trail, useInView, usualSize } from '../packets/overlay.ts'
import { translate } from '../text.ts'
import { changedParts, deviceKey, nodeKey, type ChangedParts } from './changed.ts'
import { Drawn, Overview, overviewBelow, type Marking } from './drawing.ts'
import { fitting, margin, place, useGlide, useSize, useSpokenNode } from './place.ts'
import { otherEnd, walked, walkKeys, type Spot } from './walk.ts'

/** Larger pictures begin as an overview. */
const mostNodes = 30
/** So many are searched by name. */
const manyNodes = 12
const zooms = [0.25, 0.5, 1, 1.25, 1.5]

export function Picture({ shown }: { readonly shown: Shown }): ComponentChild {
  const { compared, before, size } = shown
  // In a comparison the picture is that of B, and what A does not have is dashed.
  const layout = compared ? (before.layout ?? shown.layout) : shown.layout
  /** Null until the reader chooses: the picture fills its place, up to 1.25, and its texts never shrink. */
  const zoom = useSignal<number | null>(null)
  const wanted = useSignal('')
  const spot = useSignal<Spot | null>(null)
  const view = useRef<HTMLDivElement>(null)
  useEffect(() => {
    ground.value = { layout: shown.layout, folds: shown.folds }
  }, [shown.layout, shown.folds])
  const isFollowing = mode.value !== null
  const fits = layout && layout.nodes.length <= mostNodes ? fitting(layout, size) : 0.5
  const scale = zoom.value ?? fits
  // A picture that is much larger than its place begins at the host.
  const host = layout?.nodes[0]?.box
  useEffect(() => {
    const { current: element } = view
    if (!element || !host || element.scrollHeight < 2 * element.clientHeight) return
    const middle = { x: host.x + host.width / 2, y: host.y + host.height / 2 }
    element.scrollTo({
      left: middle.x * scale - element.clientWidth / 2,
      top: middle.y * scale - element.clientHeight / 2,
    })
  }, [layout?.nodes.length, zoom.value])
  useSize(view)
  useInView(view, scale)
  // On a phone, only a part of the picture is seen.
  useSpokenNode(
    view,
    layout,
    size === 'narrow' && !isFollowing ? shown.changes[0]?.node : undefined,
  )
  useGlide(view, layout, size)
  if (!layout) return null
  const parts = compared ? changedParts(shown.layout, layout) : changedParts(before.layout, layout)
  const left = leftOut(layout, shown.folds, wanted.value)
  const marking = markingOf({ parts, compared, spot: spot.value, left })
  const choose = (key: string) => (spot.value = spotOf(layout, key))
  const [width, height] = [Math.ceil(layout.width), Math.ceil(layout.height)]
  const layers = { size, layout, marking, choose }
  const seen = {
    width: Math.max(width, (place.value.width - 2 * margin) / scale),
    height: (place.value.height - 2 * margin) / scale,
  }
  return h('div', { class: 'network' }, [
    h(
      'div',
      {
        class: 'view',
        ref: view,
        tabIndex: 0,
        role: 'group',
        'data-walk': '',
        'aria-label': translate(
          'Picture of the network. The arrow keys walk from node to device to wire.',
        ),
        onKeyDown: (event: KeyboardEvent) => {
          if (!walkKeys.includes(event.key) || event.ctrlKey || event.altKey || event.metaKey)
            return
          if (event.key === 'Escape' && !spot.value) return
          event.preventDefault()
          event.stopPropagation()
          spot.value = walked(layout, spot.value, event.key)
        },
      },
      h(
        'svg',
        {
          class: classes('net', scale < overviewBelow && 'overview'),
          'aria-hidden': true,
          width: width * scale,
          height: height * scale,
          viewBox: `0 0 ${width} ${height}`,
        },
        scale < overviewBelow
          ? h(Overview, { ...layers, zoom: scale })
          : h(Drawn, { ...layers, between: isFollowing ? h(Trail, {}) : null }),
        isFollowing &&
          h(Moving, { layout, seen, size: size === 'narrow' ? narrowSize : usualSize }),
      ),
    ),
    h(Sentences, { shown }),
    spot.value && h(Details, { spot: spot.value, layout, shown }),
    size !== 'narrow' &&
      h('div', { class: 'tools' }, [
        (shown.topology?.nodes.length ?? 0) > manyNodes && h(Finder, { shown, wanted }),
        h(Button, {
          icon: true,
          label: translate('Smaller'),
          onClick: () => (zoom.value = zooms.findLast((each) => each < scale) ?? scale),
          children: '−',
        }),
        h(Button, {
          icon: true,
          label: translate('Larger'),
          onClick: () => (zoom.value = zooms.find((each) => each > scale) ?? scale),
          children: '+',
        }),
      ]),
  ])
}

/** Filters the nodes by name: the others are faint. */
function Finder({ shown, wanted }: { shown: Shown; wanted: Signal<string> }): ComponentChild {
  return [
    h('input', {
      type: 'search',
      list: 'names-of-nodes',
      value: wanted.value,
      'aria-label': translate('Find a node'),
      placeholder: translate('Find a node'),
      onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
        (wanted.value = currentTarget.value.trim()),
    }),
    h(
      'datalist',
      { id: 'names-of-nodes' },
      shown.topology?.nodes.map(({ name }) => h('option', { value: name })),
    ),
  ]
}

/** The nodes whose names, and those of their members, lack these letters. */
function leftOut(layout: Layout, folds: Shown['folds'], wanted: string): ReadonlySet<string> {
  const has = (name: string) => name.includes(wanted)
  const names = layout.nodes.map(({ node }) => node.name)
  const isFound = (name: string) =>
    has(name) || folds.some((fold) => fold.name === name && fold.members.some(has))
  return new Set(names.filter((name) => !isFound(name)))
}

function markingOf({
  parts,
  compared,
  spot,
  left,
}: {
  parts: ChangedParts
  compared: boolean
  spot: Spot | null
  left: ReadonlySet<string>
}): Marking {
  const chosen = spot ? keyOf(spot) : null
  const here = mode.value && row.value ? nodeKey(row.value.node) : null
  const met = mode.value ? metMark() : null
  return (key) =>
    classes(
      !mode.value && parts.changed.has(key) && (compared ? 'absent' : 'changed'),
      key === chosen && 'walked',
      isOf(key, left) && 'faint',
      key === here && (dropHere.value ? 'ended' : 'here'),
      met !== null && key.startsWith('mark ') && met(key) && 'met',
    )
}

/** Whether this node, or the device's, is one of these. */
function isOf(key: string, nodes: ReadonlySet<string>): boolean {
  const [, name = ''] = /^(?:node|device) ([^/]*)/.exec(key) ?? []
  return nodes.has(name)
}

/** The marks of the rules that the packet meets at this hop: their texts have the address that the rule writes. */
function metMark(): ((key: string) => boolean) | null {
  const [now, at] = [packet.value, row.value]
  const hop = at && now?.way.hops[at.hop]
  if (hop?.kind !== 'hook' || !hop.after) return null
  const { after, before, node } = hop
  const isTyped = hop.rules.some(({ rule }) => !rule.startsWith('policy '))
  if (!isTyped) return null
  if (after.destination !== before.destination)
    return (key) =>
      key.startsWith(`mark ${node} publish `) && key.includes(` to ${after.destination}`)
  if (after.source !== before.source) return (key) => key.startsWith(`mark ${node} translate `)
  return null
}

function keyOf(spot: Spot): string {
  if (spot.kind === 'node') return nodeKey(spot.node)
  return spot.kind === 'device' ? deviceKey(spot.id) : spot.id
}

function spotOf({ nodes, wires }: Layout, key: string): Spot | null {
  for (const { node, devices } of nodes) {
    if (key === nodeKey(node.name)) return { kind: 'node', node: node.name }
    const device = devices.find(({ id }) => key === deviceKey(id))
    if (device) return { kind: 'device', node: node.name, id: device.id }
  }
  const wire = wires.find(({ id }) => id === key)
  return wire ? { kind: 'wire', id: wire.id, from: wire.from } : null
}

/** What the picture shows, as sentences for a screen reader. */
function Sentences({ shown: { topology } }: { shown: Shown }): ComponentChild {
  if (!topology) return null
  return h(
    'ul',
    { class: 'unseen', 'aria-label': translate('The network') },
    describe(topology, translate).map((line) => h('li', {}, line)),
  )
}

/** What is known of the part under the walk: also what the picture has no room for. */
function Details({
  spot,
  layout,
  shown,
}: {
  spot: Spot
  layout: Layout
  shown: Shown
}): ComponentChild {
  return h('p', { class: 'details', role: 'status' }, detailsOf(spot, layout, shown))
}

function detailsOf(spot: Spot, layout: Layout, { state, topology }: Shown): string {
  if (spot.kind === 'wire') {
    const wire = layout.wires.find(({ id }) => id === spot.id)
    if (!wire) return ''
    const ends = { one: spot.from, other: otherEnd(wire, spot.from) }
    if (wire.kind === 'routing')
      return translate('{one} and {other}: the node forwards between them', ends)
    return wire.up ? translate('{one} to {other}', ends) : translate('{one} to {other}, down', ends)
  }
  const placed = layout.nodes.find(({ node }) => node.name === spot.node)
  if (spot.kind === 'node') {
    // A narrow picture has only the most important marks.
    const node = topology?.nodes.find(({ name }) => name === spot.node) ?? placed?.node
    const marks = node?.marks.map(({ text }) => text) ?? []
    return [`${spot.node}:`, ...marks].join(marks.length > 1 ? '\n' : ' ')
  }
  const device = placed?.devices.find(({ id }) => id === spot.id)
  const link = state?.nodes
    .find(({ name }) => name === spot.node)
    ?.links.find(({ name }) => name === device?.name)
  return [spot.id, ...(device?.contents.lines ?? []), ...(link ? linkWords(link) : [])].join('  ')
}

function linkWords({ up, mac, mtu }: Link): readonly string[] {
  return [
    up ? translate('up') : translate('down'),
    ...(mac === undefined ? [] : [mac]),
    `mtu ${mtu}`,
  ]
}
