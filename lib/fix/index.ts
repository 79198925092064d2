// Exports what the file of a broken network needs besides lib/scenario/index.ts.
export { broken, type BrokenNetwork, type Cause, type Check, type Nodes } from './broken.ts'
