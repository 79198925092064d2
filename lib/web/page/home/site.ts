// Shows the list of recordings of a static site: each is a page of its own, and no server is behind it.
import { h, type ComponentChild } from 'preact'
import { translate } from '../text.ts'

/** What the site's own script tells of its recordings. */
export type SiteList = {
  readonly lessons: readonly {
    readonly name: string
    readonly title: string
    readonly chapter: string | null
    readonly steps: number
    readonly checks: number
    readonly file: string
  }[]
  readonly broken: readonly {
    readonly name: string
    readonly number: number
    readonly title: string
    readonly difficulty: 1 | 2 | 3
    readonly file: string
  }[]
}

declare global {
  var netdojoSite: SiteList | undefined
}

export function Site(): ComponentChild {
  const site = globalThis.netdojoSite
  if (!site) return null
  return [
    h('section', { class: 'panel-card course' }, [
      h('header', {}, [
        h('h1', {}, translate('The course')),
        h('span', { class: 'third' }, translate('recordings of real runs')),
      ]),
      h(
        'ol',
        { class: 'road' },
        site.lessons.map(({ name, title, chapter, steps, checks, file }) => [
          chapter !== null && h('li', { class: 'chapter', key: chapter }, translate(chapter)),
          h('li', { class: 'lesson new', key: name }, [
            h('span', { class: 'stop', 'aria-hidden': true }),
            h('div', { class: 'name' }, [
              h('strong', { class: 'mono' }, name),
              h('span', {}, translate(title)),
            ]),
            h(
              'span',
              { class: 'dashes', 'aria-hidden': true },
              Array.from({ length: steps }, () => h('i', {})),
            ),
            h('span', { class: 'third foreseen' }, translate('{count} checks', { count: checks })),
            h(
              'a',
              { class: 'go new', href: file, 'aria-label': `${translate('Read')}: ${name}` },
              translate('Read'),
            ),
          ]),
        ]),
      ),
    ]),
    h('div', { class: 'aside-column' }, [
      h('section', { class: 'panel-card' }, [
        h('h2', {}, translate('Broken networks')),
        h(
          'p',
          { class: 'third' },
          translate('One fault each. Find it, say what it is, and repair it without harm.'),
        ),
        h(
          'ul',
          { class: 'files' },
          site.broken.map(({ number, title, file }) =>
            h('li', { key: number }, [
              h('span', { class: 'mono third' }, String(number)),
              h('a', { href: file, class: 'grow' }, translate(title)),
            ]),
          ),
        ),
      ]),
      h('section', { class: 'panel-card' }, [
        h('h2', {}, translate('On your own machine')),
        h(
          'p',
          { class: 'third' },
          translate('The same lab, with terminals and your own packets, on Linux:'),
        ),
        h('pre', {}, 'npm run web'),
      ]),
    ]),
  ]
}
