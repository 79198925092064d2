// The page that lists the scenarios' pages, in teaching order.
import type { Language, Translate } from '../../../language/translate.ts'
import type { ScenarioEvent } from '../../events.ts'
import { languageLink, notice } from './markdown.ts'

export function contentsPage(
  runs: ReadonlyMap<string, readonly ScenarioEvent[]>,
  { language, say }: { readonly language: Language; readonly say: Translate },
): string {
  const rows = [...runs].map(([name, events]) => {
    const title = events.find((event) => event.type === 'scenario-started')?.title ?? ''
    const steps = events.filter(({ type }) => type === 'step-started').length
    const checks = events.filter(({ type }) => type === 'check-ended').length
    return `| [${name}](${name}.md) | ${say(title)} | ${steps} | ${checks} |`
  })
  return `${[
    notice,
    `# ${say('The scenarios')}`,
    languageLink('README.md', language),
    say(`
  Each page is one run of a scenario on the real kernel: the commands as they were typed, what they showed, the checks
  with the kernel's answers, what each step changed, and the network as it was then. In teaching order:`),
    [
      `| ${say('name')} | ${say('what it is about')} | ${say('steps')} | ${say('checks')} |`,
      '| --- | --- | ---: | ---: |',
      ...rows,
    ].join('\n'),
    say(`
  What is another one in each run is the same here: MAC addresses are from the range for documentation (00:00:5e:00:53:xx),
  clients' ports count from 40001, ids are made up, and times are left out.`),
  ].join('\n\n')}\n`
}
