// Asks what happens next to a packet: the question and its answers follow from the hop alone, so that the kernel's answer is among them.
import { message, verbatim, type Message } from '../../../language/message.ts'
import type { Hop } from '../../../observe/journey/journey.ts'
import { rewriteOf, type Packet, type Place } from './rows.ts'

export type HopQuestion = {
  readonly place: Place
  readonly key: string
  readonly text: Message
  readonly answers: readonly { readonly value: string; readonly text: Message }[]
  readonly right: string
}

/** Null where the next hop is no decision: out of an interface and into the next. */
export function questionAt(packets: readonly Packet[], place: Place): HopQuestion | null {
  const packet = packets[place.packet]
  const row = packet?.rows[place.row]
  if (!packet || !row || place.row === 0) return null
  const hop = packet.way.hops[row.hop]
  const drops = { value: 'drop', text: message('it drops or refuses it') }
  const asked = hop ? ofHop(hop, packet) : ofEnd(row.node, packet)
  if (!asked) return null
  const right = row.dead && asked.right !== 'nobody' ? 'drop' : asked.right
  const key = `${place.packet} ${place.row}`
  return { place, key, text: asked.text, answers: [...asked.answers, drops], right }
}

type Asked = Pick<HopQuestion, 'text' | 'answers' | 'right'>

function ofHop(hop: Hop, { way }: Packet): Asked | null {
  const text = nextOf(hop.node)
  switch (hop.kind) {
    case 'route': {
      const name = hop.interface ?? devicesOf(way.hops, hop.node)[0]
      const out =
        name === undefined
          ? onward()
          : { value: 'out', text: message('it sends it on, to {name}', { name }) }
      return {
        text,
        answers: [local(hop.node), out],
        right: hop.decision === 'local' ? 'local' : 'out',
      }
    }
    case 'hook': {
      const kind = rewriteOf(hop)?.kind ?? 'none'
      const answers = [
        {
          value: 'DNAT',
          text: message('{hook} rewrites its destination', { hook: hop.hook.toUpperCase() }),
        },
        {
          value: 'SNAT',
          text: message('{hook} rewrites its source', { hook: hop.hook.toUpperCase() }),
        },
        {
          value: 'none',
          text: message('{hook} lets it pass as it is', { hook: hop.hook.toUpperCase() }),
        },
      ]
      return { text, answers, right: kind }
    }
    case 'bridge': {
      const answers = [
        {
          value: 'known',
          text: message('{name} sends it to one port, whose MAC it knows', { name: hop.bridge }),
        },
        {
          value: 'flooded',
          text: message('{name} sends it to all its ports', { name: hop.bridge }),
        },
        {
          value: 'up',
          text: message('{name} hands it up to {node}', { name: hop.bridge, node: hop.node }),
        },
      ]
      return { text, answers, right: hop.how }
    }
    case 'neighbour': {
      const answers = [
        {
          value: 'asks',
          text: message('it has the MAC of {address}, or gets it', { address: hop.address }),
        },
        { value: 'nobody', text: message('nobody has {address}', { address: hop.address }) },
      ]
      return { text, answers, right: hop.mac === null ? 'nobody' : 'asks' }
    }
    case 'connection': {
      const answers = [
        { value: 'made', text: message('conntrack makes a new entry') },
        { value: 'known', text: message('conntrack has an entry for it') },
      ]
      return { text, answers, right: hop.entry === 'made' ? 'made' : 'known' }
    }
    case 'delivered': {
      // What becomes of it is the next question.
      if (way.drop) return null
      const inTunnel = way.hops.some(({ kind }) => kind === 'tunnel')
      const answers = [
        program(),
        { value: 'kernel', text: message('the kernel answers it') },
        ...(inTunnel ? [{ value: 'tunnel', text: message('the kernel unpacks it') }] : []),
      ]
      const right = hop.to === 'kernel' || hop.to === 'tunnel' ? hop.to : 'program'
      return { text, answers, right }
    }
    default:
      return null
  }
}

/** The packet ends without a hop of its own. */
function ofEnd(node: string, { way }: Packet): Asked {
  const isThere = way.hops.at(-1)?.kind === 'delivered'
  const answers = isThere ? [program()] : [local(node), onward()]
  return { text: nextOf(node), answers, right: 'drop' }
}

function program() {
  return { value: 'program', text: message('a program gets it') }
}

function nextOf(node: string): Message {
  return message('What does {node} do with it next?', { node })
}

function local(node: string) {
  return { value: 'local', text: message('it is for {node} itself', { node }) }
}

function onward() {
  return { value: 'out', text: message('it sends it on') }
}

function devicesOf(hops: readonly Hop[], node: string): readonly string[] {
  return hops.flatMap((hop) => (hop.kind === 'enters' && hop.node === node ? [hop.interface] : []))
}

export function rightAnswer({ answers, right }: HopQuestion): Message {
  return answers.find(({ value }) => value === right)?.text ?? verbatim(right)
}
