// All that the file of a broken network imports besides the probes of lib/scenario/index.ts.
export { broken, type BrokenNetwork, type Cause, type Check, type Nodes } from './broken.ts'
