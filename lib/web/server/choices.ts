// Keeps how the page looks (language, theme, borders) in the user's data directory, since each run has another port.
import { join } from 'node:path'
import {
  dataDirectory,
  isRecord,
  readUserFile,
  updateUserFile,
  type UserFile,
} from '../../user-file.ts'

type Choices = { readonly version: 1; readonly choices: Readonly<Record<string, string>> }

/** Of a name or a value, and of names: a page that goes wrong fills no disk. */
const [longest, most] = [200, 200]

const file = (): UserFile<Choices> => ({
  path: join(dataDirectory(), 'page.json'),
  what: 'the choices of the page',
  version: 1,
  empty: { version: 1, choices: {} },
  isValue: (value): value is Choices =>
    isRecord(value) &&
    value.version === 1 &&
    isRecord(value.choices) &&
    Object.values(value.choices).every((choice) => typeof choice === 'string'),
})

export function readChoices(): Choices['choices'] {
  return readUserFile(file()).choices
}

export function keepChoice(name: string, value: string): void {
  if (name.length > longest || value.length > longest || readChoices()[name] === value) return
  updateUserFile(file(), ({ choices, ...rest }) => {
    const others = Object.entries(choices).filter(([each]) => each !== name)
    return { ...rest, choices: Object.fromEntries([...others.slice(-most + 1), [name, value]]) }
  })
}
