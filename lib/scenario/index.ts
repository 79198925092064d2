// Exports what the file of a scenario needs.
export { answers, fails, noAnswer, shows, showsNo } from './expectations.ts'
export { capture } from './probes/capture.ts'
export { curl } from './probes/curl.ts'
export { output } from './probes/output.ts'
export { ping } from './probes/ping.ts'
export {
  scenario,
  type Lab,
  type Lesson,
  type RunningContainer,
  type Scenario,
  type Spellings,
} from './scenario.ts'
export type { Background, CommandOutput, LabNode, Server, Shell } from './node.ts'
export type { Expectation, Observation, Probe, Verdict, Wanted, Wish } from './probe.ts'
export type { Library, PlanStep } from './library.ts'
export type { ExecTarget } from '../exec/target.ts'
export type { Applier, ApplyOptions } from '../kernel/plan.ts'
export type {
  FlushConnections,
  IptablesOperation,
  LinkOperation,
  NftOperation,
  Operation,
  OwnOperation,
  RemoteOperation,
  SysctlOperation,
} from '../kernel/operation.ts'
export type { Message, Value, Values } from '../language/message.ts'
