// A menu of single keys, as a prompt of @inquirer. Text that is typed or pasted chooses nothing.
import {
  createPrompt,
  isEnterKey,
  useKeypress,
  useRef,
  useState,
  type KeypressEvent,
} from '@inquirer/core'
import type { ChalkInstance } from 'chalk'
import { columns, displayWidth, flow, hanging } from '../../language/wrap.ts'
import type { Choice, Menu } from './asker.ts'

/** The keys of pasted text arrive together; a person needs longer from one key to the next. */
const pasteMilliseconds = 40

type KeyMenu = Menu & { readonly chalk: ChalkInstance; readonly notKeys: string }

export const keyMenu = createPrompt<string, KeyMenu>((menu, done) => {
  const [chosen, choose] = useState<Choice | null>(null)
  const [isText, setText] = useState(false)
  const pending = useRef<{ timer: NodeJS.Timeout | undefined; isTyping: boolean }>({
    timer: undefined,
    isTyping: false,
  })
  const { chalk, question, options, tools, notKeys } = menu
  const all = [...options, ...tools]
  useKeypress((key) => {
    const { current } = pending
    const choice = all.find((each) => isKeyOf(each, key))
    const isSecond = current.timer !== undefined
    clearTimeout(current.timer)
    current.timer = undefined
    // Enter ends the text, and chooses nothing.
    if (current.isTyping && isEnterKey(key)) {
      current.isTyping = false
      setText(false)
      return
    }
    if (current.isTyping || isSecond || (!choice && isPrintable(key))) {
      current.isTyping = !(isSecond && isEnterKey(key))
      setText(true)
      return
    }
    if (!choice) return
    current.timer = setTimeout(() => {
      current.timer = undefined
      setText(false)
      choose(choice)
      done(choice.value)
    }, pasteMilliseconds)
  })
  const width = Math.min(process.stdout.columns || columns, columns)
  const lines = hanging(question, 0, 0, width)
  const asked = chalk.bold(lines.join('\n'))
  if (chosen) {
    // The terminal would break a line that is too long within a word.
    const fits = displayWidth(`${lines.at(-1) ?? ''} ${chosen.label}`) < width
    const label = chalk.cyan(chosen.label)
    return fits ? `${asked} ${label}` : [asked, ...hanging(label, 2, 4, width)].join('\n')
  }
  const shown = ({ key, label }: Choice) => `${chalk.cyan(nameOf(key))} ${label}`
  return [
    asked,
    ...options.flatMap((choice) => hanging(shown(choice), 2, 4, width)),
    ...flow(tools.map(shown), 2, width),
    ...(isText ? [chalk.yellow(notKeys)] : []),
  ].join('\n')
})

function isPrintable({
  ctrl,
  name,
  sequence = '',
}: KeypressEvent & { sequence?: string }): boolean {
  return (
    !ctrl && name !== 'return' && name !== 'enter' && /^[\p{L}\p{N}\p{P}\p{S} ]+$/u.test(sequence)
  )
}

function isKeyOf({ key }: Choice, event: KeypressEvent & { sequence?: string }): boolean {
  if (key === 'enter') return isEnterKey(event)
  return !event.ctrl && (event.name === key || event.sequence === key)
}

function nameOf(key: string): string {
  return key === 'enter' ? 'Enter' : key
}
