// Runs a world of the page in its sandbox, with the scenarios and broken networks of this project.
import { runWorld } from '../../../web/inside/main.ts'
import type { WebRequest } from '../../../web/inside/messages.ts'
import { loadBroken, loadScenario, numberOf, scenarioNames } from '../catalogue.ts'
import { insideCommand } from '../request.ts'

export function webInside(request: WebRequest): Promise<number> {
  return runWorld(request, {
    scenario: loadScenario,
    nextScenario: (name) => scenarioNames[scenarioNames.indexOf(name) + 1] ?? null,
    broken: loadBroken,
    numberOf,
    outline: ({ name: scenario, from, dialect }) =>
      insideCommand({ kind: 'outline', scenario, from, dialect, isEach: true }),
    without: insideCommand,
  })
}
