// What the program inside the sandbox tells the one outside, a line of JSON each.
import type { Left } from '../../workshop/dialogue.ts'
import type { Update } from '../../workshop/progress.ts'

export type Message =
  | { readonly kind: 'progress'; readonly update: Update }
  /** How many lines of the script are said. */
  | { readonly kind: 'script'; readonly at: number }
  | { readonly kind: 'left'; readonly left: Left | null }
