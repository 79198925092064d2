// Makes messages: texts that keep their key and their values, so that they can be translated after they were put together.

/** A value of a text, for the `{name}` in it. A message among the values is translated; a string stays as it is. */
export type Value = string | number | Message
/** The values of a message by their names. */
export type Values = Readonly<Record<string, Value>>

/** A text with values, which can be translated. */
export type Message = {
  /** The English sentence, with its values. */
  readonly text: string
  /** The same with `{name}` in place of each value: the key of the catalogues. */
  readonly key: string
  /** The values of the text. */
  readonly values: Values
}

export function message(key: string, values: Values = {}): Message {
  return { text: filledIn(key, values, textOf), key, values }
}

/** Makes a message of what a program or the kernel printed: it is the same in every language. */
export function verbatim(text: string): Message {
  return message('{text}', { text })
}

/** The value in English. */
export function textOf(value: Value): string {
  return typeof value === 'object' ? value.text : String(value)
}

/** @param render turns a value into text. A `{name}` without a value stays as it is. */
export function filledIn(text: string, values: Values, render: (value: Value) => string): string {
  return text.replaceAll(/\{(\w+)\}/g, (all, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    return value === undefined ? all : render(value)
  })
}
