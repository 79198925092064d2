// Runs a program in another network namespace: only its view of the network changes, its files and processes stay ours.
import { run, type ProgramOptions, type ProgramResult } from './program.ts'

/**
 * Like `run`, in the network namespace at the path `netns`, or where we are when it is undefined.
 * `nsenter` and not `ip netns exec`: it takes any path, and mounts nothing.
 */
export function runIn(
  netns: string | undefined,
  program: string,
  args: readonly string[],
  options?: ProgramOptions,
): Promise<ProgramResult> {
  return netns === undefined
    ? run(program, args, options)
    : run('nsenter', [`--net=${netns}`, program, ...args], options)
}
