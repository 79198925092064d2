// Without the two dashes npm takes our options for its own, and would run the program as if they had not been typed.
import { NetdojoError } from '../errors.ts'

/**
 * @param ours what npm is not to take.
 * @throws NetdojoError `usage`
 */
export function refuseOptionsOfNpm(
  program: 'scenario' | 'fix',
  [name = program === 'fix' ? '1' : 'NAME']: readonly string[],
  ours: readonly string[],
): void {
  const taken = ours.find((option) => process.env[`npm_config_${option}`] !== undefined)
  if (taken === undefined) return
  throw new NetdojoError({
    code: 'usage',
    operation: program === 'fix' ? 'open' : 'play',
    object: program === 'fix' ? 'a broken network' : 'the scenario',
    reason: `npm took --${taken} for itself`,
    advice: [`put two dashes in front of the options: npm run ${program} ${name} -- --${taken}`],
  })
}
