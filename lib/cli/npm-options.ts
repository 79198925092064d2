// Without the two dashes npm takes our options for its own, and would run the program as if they had not been typed.
import { NetdojoError } from '../errors.ts'

const programs = {
  scenario: { operation: 'play', object: 'the scenario', example: 'NAME' },
  fix: { operation: 'open', object: 'a broken network', example: '1' },
  workshop: { operation: 'begin', object: 'the workshop', example: '' },
} as const

/**
 * @param ours what npm is not to take.
 * @throws NetdojoError `usage`
 */
export function refuseOptionsOfNpm(
  program: keyof typeof programs,
  [typed]: readonly string[],
  ours: readonly string[],
): void {
  const taken = ours.find(
    (option) => process.env[`npm_config_${option.replaceAll('-', '_')}`] !== undefined,
  )
  if (taken === undefined) return
  const { operation, object, example } = programs[program]
  const line = ['npm run', program, typed ?? example, '--', `--${taken}`].filter(Boolean).join(' ')
  throw new NetdojoError({
    code: 'usage',
    operation,
    object,
    reason: `npm took --${taken} for itself`,
    advice: [`put two dashes in front of the options: ${line}`],
  })
}
