// The formats in which what there is can be printed.
import { usageError } from './usage-error.ts'

/** @throws NetdojoError `usage` */
export function formatOf(format = 'table'): 'table' | 'json' {
  if (format === 'table' || format === 'json') return format
  throw usageError('print in the format', format, 'it is neither table nor json')
}
