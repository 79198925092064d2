// Names the pictures of a page: one after each step that changed the network, for light and for dark pages.
import type { Language } from '../../../language/translate.ts'
import type { NetworkChanged, ScenarioEvent } from '../../events.ts'

/** The events whose network is drawn. The scenario itself has a picture of the network at its end. */
export function pictured(events: readonly ScenarioEvent[]): readonly NetworkChanged[] {
  const steps = events.filter((event) => event.type === 'network-changed')
  return steps.filter(({ topology, changes }, index) => {
    const before = steps[index - 1]?.topology
    return before === undefined
      ? changes.length > 0
      : JSON.stringify(before) !== JSON.stringify(topology)
  })
}

export const themes = ['light', 'dark'] as const

/** `NAME-STEP-light.svg`, in the folder `pictures` beside the English pages. */
export function pictureFile(picture: string, theme: (typeof themes)[number]): string {
  return `pictures/${picture}-${theme}.svg`
}

/** The page chooses between the two files by its own colours; one SVG file could only follow those of the system. */
export function pictureTag(picture: string, words: string, language: Language): string {
  const base = language === 'en' ? '' : '../'
  return [
    '<picture>',
    `  <source media="(prefers-color-scheme: dark)" srcset="${base}${pictureFile(picture, 'dark')}">`,
    `  <img alt="${words}" src="${base}${pictureFile(picture, 'light')}">`,
    '</picture>',
  ].join('\n')
}
