// Within the sandbox, first of all: the steps before are begun with, before all is loaded that speaks with the learner.
import { lookAhead } from '../../workshop/look-ahead.ts'
import { loadScenario } from '../catalogue.ts'
import type { WorkshopRequest } from '../request.ts'

export async function workshop(request: WorkshopRequest): Promise<number> {
  const scenario = await loadScenario(request.scenario)
  const ahead = await lookAhead(scenario, request.from, request.dialect)
  const { learn } = await import('./learner.ts')
  return learn(request, scenario, ahead)
}
