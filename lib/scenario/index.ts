// Exports what the file of a scenario needs.
export { answers, fails, noAnswer, shows, showsNo } from './expectations.ts'
export { capture } from './probes/capture.ts'
export { curl } from './probes/curl.ts'
export { log, output } from './probes/output.ts'
export { ping } from './probes/ping.ts'
export { scenario, type Scenario } from './scenario.ts'
