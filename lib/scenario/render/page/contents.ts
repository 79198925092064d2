// The page that lists the scenarios' pages, in teaching order.
import type { Language, Translate } from '../../../language/translate.ts'
import type { ScenarioEvent } from '../../events.ts'
import { languageLink, notice } from './markdown.ts'

export function contentsPage(
  runs: ReadonlyMap<string, readonly ScenarioEvent[]>,
  { language, translate }: { readonly language: Language; readonly translate: Translate },
): string {
  const rows = [...runs].map(([name, events]) => {
    const title = events.find((event) => event.type === 'scenario-started')?.title ?? ''
    const steps = events.filter(({ type }) => type === 'step-started').length
    const checks = events.filter(({ type }) => type === 'check-ended').length
    return `| [${name}](${name}.md) | ${translate(title)} | ${steps} | ${checks} |`
  })
  return `${[
    notice,
    `# ${translate('The scenarios')}`,
    languageLink('README.md', language),
    translate(`
  Each page is one run of a scenario on the real kernel: the commands as they were typed, what they showed, the checks
  with the kernel's answers, what each step changed, and the network as it was then. In teaching order:`),
    [
      `| ${translate('name')} | ${translate('what it is about')} | ${translate('steps')} | ${translate('checks')} |`,
      '| --- | --- | ---: | ---: |',
      ...rows,
    ].join('\n'),
    translate(`
  What is another one in each run is the same here: MAC addresses are from the range for documentation (00:00:5e:00:53:xx),
  clients' ports count from 40001, ids are made up, and times are left out.`),
  ].join('\n\n')}\n`
}
