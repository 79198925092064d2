// Keeps the reader's language, theme and switches, and translates; each component that reads a text is drawn again when the language changes.
import { computed, effect, signal, type Signal } from '@preact/signals'
import { speakEnglish, translatorOf, type Language } from '../../language/translate.ts'
import type { Message, Values } from '../../language/message.ts'
import type { PictureSize } from './model.ts'

export const language = signal<Language>(remembered('language', ['en', 'zh'], ofBrowser()))
export const theme = signal<'light' | 'dark'>(
  remembered(
    'theme',
    ['light', 'dark'],
    matches('(prefers-color-scheme: dark)') ? 'dark' : 'light',
  ),
)
/** Whether single letters are keys of the page. */
export const letters = signal(remembered('letters', ['on', 'off'], 'on') === 'on')
/** Whether the page is narrower than 768: for reading in one column. */
export const narrow = signal(false)
const isMiddle = signal(false)
/** The picture that the window has room for. */
export const room = computed<PictureSize>(() =>
  narrow.value ? 'narrow' : isMiddle.value ? 'middle' : 'wide',
)

const chinese = signal(speakEnglish)
const speaks = computed(() => (language.value === 'zh' ? chinese.value : speakEnglish))

/** In the reader's language. */
export function translate(text: string | Message, values?: Values): string {
  return speaks.value(text, values)
}

/** Keeps <html> and the browser's memory up to date with the choices. */
export function followChoices(): void {
  follow('(max-width: 767px)', narrow)
  follow('(max-width: 1199px)', isMiddle)
  effect(() => {
    document.documentElement.lang = language.value === 'zh' ? 'zh-Hans' : 'en'
    remember('language', language.value)
    if (language.value === 'zh' && chinese.value === speakEnglish) void loadChinese()
  })
  effect(() => {
    document.documentElement.dataset.theme = theme.value
    remember('theme', theme.value)
  })
  effect(() => remember('letters', letters.value ? 'on' : 'off'))
}

function follow(query: string, isSo: Signal<boolean>): void {
  const list = matchMedia(query)
  isSo.value = list.matches
  list.addEventListener('change', (event) => (isSo.value = event.matches))
}

async function loadChinese(): Promise<void> {
  const { default: catalogue } = await import('../../language/zh/index.ts')
  chinese.value = translatorOf(catalogue)
}

let keep: (name: string, value: string) => void = () => {}

/** @param keeper keeps the choices also for a page at another port, which does not see this memory. */
export function keepChoicesIn(keeper: typeof keep): void {
  keep = keeper
}

/** Choices that another page has made are made in this one, too. */
export function takeChoices(choices: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(choices)) remember(name, value)
  language.value = remembered('language', ['en', 'zh'], language.value)
  theme.value = remembered('theme', ['light', 'dark'], theme.value)
  letters.value = remembered('letters', ['on', 'off'], letters.value ? 'on' : 'off') === 'on'
}

/** A browser may refuse to remember: then each visit begins with the defaults. */
export function remember(name: string, value: string): void {
  keep(name, value)
  try {
    localStorage.setItem(`netdojo ${name}`, value)
  } catch {
    // Private windows have no storage.
  }
}

export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`netdojo ${name}`)
  } catch {
    return null
  }
}

function remembered<Choice extends string>(
  name: string,
  choices: readonly Choice[],
  usual: Choice,
): Choice {
  const value = recall(name)
  return choices.find((choice) => choice === value) ?? usual
}

function ofBrowser(): Language {
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

function matches(query: string): boolean {
  return matchMedia(query).matches
}
