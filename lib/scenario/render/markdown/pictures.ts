// The pictures of a page: one after each step that changed the network, in two files, for light and for dark pages.
import type { Language } from '../../../language/translate.ts'
import type { NetworkChanged, ScenarioEvent } from '../../events.ts'

/** The events whose network is drawn. The world before the first step is drawn by the scenario's own opening. */
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

/** Each page is shown in the colours that its reader has chosen: an SVG alone would know only those of the system. */
export function pictureTag(picture: string, words: string, language: Language): string {
  const base = language === 'en' ? '' : '../'
  return [
    '<picture>',
    `  <source media="(prefers-color-scheme: dark)" srcset="${base}${pictureFile(picture, 'dark')}">`,
    `  <img alt="${words}" src="${base}${pictureFile(picture, 'light')}">`,
    '</picture>',
  ].join('\n')
}
