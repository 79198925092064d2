// Makes texts with values: the English text together with its key and values, so that nobody has to parse the text to translate it.

/** What stands in a text as `{name}`: a message is translated, too; a string stays as it is. */
export type Value = string | number | Message
export type Values = Readonly<Record<string, Value>>

export type Message = {
  /** English, with its values. */
  readonly text: string
  /** The same with `{name}` in place of each value: what a catalogue is asked for. */
  readonly key: string
  readonly values: Values
}

export function message(key: string, values: Values = {}): Message {
  return { text: filledIn(key, values, textOf), key, values }
}

/** Words of a program or of the kernel: the same in every language, even where they look like one of our texts. */
export function verbatim(text: string): Message {
  return message('{text}', { text })
}

/** In English. */
export function textOf(value: Value): string {
  return typeof value === 'object' ? value.text : String(value)
}

/** @param render gives the text of a value; a name without one stays as it is. */
export function filledIn(text: string, values: Values, render: (value: Value) => string): string {
  return text.replaceAll(/\{(\w+)\}/g, (all, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    return value === undefined ? all : render(value)
  })
}
