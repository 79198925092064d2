// Lists the packets of a command in the place of the story, hop by hop; the hop where the packet is has `aria-current`.
import { h, type ComponentChild } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { written } from '../../../observe/journey/words.ts'
import { classes, Command } from '../elements.ts'
import { translate } from '../text.ts'
import { rightAnswer } from './challenge.ts'
import { SmallEnvelope } from './envelope.ts'
import * as mode from './mode.ts'
import type { Packet } from './rows.ts'
import { isGapAfter, isGapBefore } from './stations.ts'

export function PacketStory(): ComponentChild {
  const { value: followed } = mode.mode
  if (!followed) return null
  const { journey, error, node, line } = followed
  const count = mode.packets.value.length
  return h('div', { class: 'packet-story scroll' }, [
    h('div', { class: 'head' }, [
      h('label', { class: 'asking' }, [
        translate('Ask me the next hop first'),
        h('input', {
          type: 'checkbox',
          role: 'switch',
          checked: mode.isAsking.value,
          onChange: () => (mode.isAsking.value = !mode.isAsking.value),
        }),
      ]),
      h(
        'h2',
        {},
        journey && count === 0
          ? translate('No packet was sent')
          : count === 1
            ? translate('The packet of {program}', { program: programOf(line) })
            : translate('The packets of {program}', { program: programOf(line) }),
      ),
      h('p', { class: 'asked' }, [
        h('span', { class: 'mono third' }, `${node}$ `),
        h(Command, { line }),
      ]),
      journey && count > 0 && h(Filters, {}),
    ]),
    !journey &&
      h(
        'p',
        { class: 'note' },
        translate('These packets could not be followed: {error}', {
          error: error ?? translate('nothing says why'),
        }),
      ),
    journey && h(PacketLists, {}),
    mode.lost.value.length > 0 &&
      h(
        'p',
        { class: 'note' },
        translate('More passed than the kernel could tell: hops on {nodes} may be missing.', {
          nodes: mode.lost.value.join(', '),
        }),
      ),
    journey?.disagreement && h('p', { class: 'note' }, translate(journey.disagreement)),
    journey && count > 0 && mode.dropHere.value && h(Ending, { line }),
  ])
}

function programOf(line: string): string {
  return /(?:^|\s)(?:ip netns exec \S+ )?(\S+)/.exec(line)?.[1] ?? line
}

function Filters(): ComponentChild {
  const protocols = mode.protocols.value
  const all = protocols.reduce((sum, [, count]) => sum + count, 0)
  const chip = (value: string | null, text: string) =>
    h(
      'button',
      {
        type: 'button',
        class: 'chip',
        'aria-pressed': mode.filter.value === value,
        onClick: () => mode.choose(value),
      },
      text,
    )
  return h(
    'div',
    { class: 'chips', role: 'group', 'aria-label': translate('Show the packets of') },
    [
      chip(null, translate('all {count}', { count: all })),
      protocols.length > 0 && protocols.map(([name, count]) => chip(name, `${name} ${count}`)),
    ],
  )
}

function PacketLists(): ComponentChild {
  const { value: packets } = mode.packets
  const hidden = packets.filter(
    ({ isMain, protocol }) =>
      !isMain && (mode.filter.value === null || mode.filter.value === protocol),
  ).length
  const told =
    mode.filter.value === null
      ? packets.length
      : packets.filter(({ protocol }) => protocol === mode.filter.value).length
  const counted = mode.protocols.value.reduce(
    (sum, [name, count]) =>
      sum + (mode.filter.value === null || mode.filter.value === name ? count : 0),
    0,
  )
  return h('div', { class: 'packet-lists' }, [
    mode.listed.value.map((index) => {
      const packet = packets[index]
      return packet && h(PacketSection, { packet, index, key: index })
    }),
    hidden > 0 &&
      !mode.isWhole.value &&
      h('button', { type: 'button', class: 'more', onClick: () => (mode.isWhole.value = true) }, [
        h(SmallEnvelope, { form: 'answer' }),
        h('span', { class: 'grow' }, translate('{count} more packets', { count: hidden })),
        '▸',
      ]),
    counted > told &&
      h(
        'p',
        { class: 'note' },
        translate('{count} further packets were counted only.', { count: counted - told }),
      ),
  ])
}

function PacketSection({ packet, index }: { packet: Packet; index: number }): ComponentChild {
  const { way, rows, form, times } = packet
  const isOpen = mode.place.value.packet === index
  const state = way.drop
    ? translate('ended at hop {hop}', { hop: rows.length })
    : isOpen
      ? translate('{hop} of {count}', { hop: mode.place.value.row + 1, count: rows.length })
      : translate('{count} hops', { count: rows.length })
  return h('section', { class: 'packet-section' }, [
    h(
      'button',
      {
        type: 'button',
        class: 'packet-head',
        'aria-expanded': isOpen,
        onClick: () => mode.show({ packet: index, row: 0 }),
      },
      [
        h(SmallEnvelope, { form: way.drop ? 'error' : form }),
        h('span', { class: 'grow' }, [
          h('span', {}, [
            h('b', {}, way.what),
            ' ',
            times > 1 && [h('span', { class: 'times' }, mode.timesText(times)), ' '],
            h(
              'span',
              { class: 'third' },
              // "ICMP echo request" says it already.
              /\b(request|reply|question|answer)$/.test(way.what)
                ? translate('{count} bytes', { count: way.length })
                : way.direction === 'request'
                  ? translate('request, {count} bytes', { count: way.length })
                  : translate('answer, {count} bytes', { count: way.length }),
            ),
          ]),
          h('code', {}, written(way.packet)),
        ]),
        h('span', { class: classes('state', way.drop && 'fail') }, state),
      ],
    ),
    isOpen &&
      times > 1 &&
      h(
        'p',
        { class: 'note' },
        translate('{count} packets of this kind were sent: this is the way of one of them.', {
          count: times.toLocaleString('en'),
        }),
      ),
    isOpen && h(Rows, { packet, index }),
  ])
}

function Rows({ packet: { rows, way }, index }: { packet: Packet; index: number }): ComponentChild {
  const { row: at } = mode.place.value
  // Until the answer, what comes is not shown.
  const last = mode.isAsking.value ? at : rows.length - 1
  return h('ol', { class: 'hops', 'aria-label': translate('Hops') }, [
    rows.slice(0, last + 1).map(({ node, hop, label, words, dead }, place) => {
      const isHere = place === at
      const isFirst = rows[place - 1]?.node !== node
      const from = rows[place - 1]?.hop ?? -1
      const isAfterGap = way.hops.some(
        (_, at) =>
          (at > from && at <= hop && isGapBefore(way, at, mode.lost.value)) ||
          (at >= from && at < hop && isGapAfter(way, at, mode.lost.value)),
      )
      const isBeforeGap =
        place === rows.length - 1 && isGapAfter(way, way.hops.length - 1, mode.lost.value)
      return [
        isAfterGap && h(Gap, { key: `gap ${place}` }),
        h(
          'li',
          {
            key: place,
            class: classes(
              'hop',
              isHere && 'here',
              place > at && 'later',
              dead && 'dead',
              isFirst && 'first',
            ),
            ...(isHere ? { 'aria-current': 'step' as const } : {}),
          },
          h(HopButton, { isHere, onClick: () => mode.show({ packet: index, row: place }) }, [
            h('code', { class: isFirst ? 'node' : 'node again' }, node),
            h('span', { class: 'what' }, dead ? `✗ ${translate(label)}` : translate(label)),
            h('span', { class: 'words' }, translate(words)),
          ]),
          isHere && h(Guess, {}),
        ),
        isBeforeGap && h(Gap, { key: 'gap' }),
      ]
    }),
    mode.question.value &&
      h('li', { key: 'question' }, h(Question, { question: mode.question.value })),
  ])
}

/** Where the kernel lost events, the list says so. */
function Gap(): ComponentChild {
  return h('li', { class: 'gap' }, translate('… hops are missing here'))
}

/** The current hop scrolls into view. */
function HopButton({
  isHere,
  onClick,
  children,
}: {
  isHere: boolean
  onClick: () => void
  children?: ComponentChild
}): ComponentChild {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (isHere) button.current?.scrollIntoView({ block: 'nearest' })
  }, [isHere])
  return h('button', { type: 'button', ref: button, onClick, tabIndex: isHere ? 0 : -1 }, children)
}

function Question({
  question,
}: {
  question: NonNullable<typeof mode.question.value>
}): ComponentChild {
  const card = useRef<HTMLDivElement>(null)
  useEffect(() => card.current?.scrollIntoView({ block: 'nearest' }), [question.key])
  return h(
    'div',
    { class: 'hop-question', ref: card, role: 'group', 'aria-labelledby': 'hop-question' },
    [
      h('h3', { id: 'hop-question' }, translate(question.text)),
      h(Score, {}),
      question.answers.map(({ value, text }, index) =>
        h(
          'button',
          {
            type: 'button',
            class: 'hop-answer',
            key: value,
            onClick: () => mode.answer(value),
            'aria-keyshortcuts': String(index + 1),
          },
          [
            h('span', { class: 'ring' }),
            h('span', { class: 'grow' }, translate(text)),
            h('kbd', { 'aria-hidden': true }, String(index + 1)),
          ],
        ),
      ),
    ],
  )
}

function Score(): ComponentChild {
  const { right, asked } = mode.score.value
  return h(
    'p',
    { class: 'third' },
    asked === 0
      ? translate('What do you expect?')
      : translate('{right} of {asked} foreseen', { right, asked }),
  )
}

/** A wrong guess is not a failure: it is grey. */
function Guess(): ComponentChild {
  const { value: guess } = mode.guessed
  if (!guess) return null
  const { right, said } = guess
  return h(
    'p',
    { class: classes('guess', right && 'ok'), role: 'status' },
    right
      ? translate('✓ Right, as you foresaw')
      : translate('Not so: {answer}', { answer: rightAnswer(said) }),
  )
}

/** What the sender was told of the end, and what the program said. */
function Ending({ line }: { line: string }): ComponentChild {
  const drop = mode.dropHere.value
  if (!drop) return null
  const told = ['rejected-by-rule', 'refused', 'prohibited', 'ttl', 'mtu'].includes(drop.reason)
  return h(
    'p',
    { class: 'note' },
    told
      ? translate('The sender was told: an error comes back to it.')
      : translate(
          'Nobody was told: the kernel dropped it without a word, so {program} waits in vain.',
          { program: programOf(line) },
        ),
  )
}
