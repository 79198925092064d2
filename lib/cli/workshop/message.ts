// What the program inside the sandbox tells the one outside, and what it answers, a line of JSON each.
import type { Topology } from '../../observe/topology/topology.ts'
import type { Left } from '../../workshop/dialogue.ts'
import type { Update } from '../../workshop/progress.ts'

export type Message =
  | { readonly kind: 'progress'; readonly update: Update }
  /** How many lines of the script are said. */
  | { readonly kind: 'script'; readonly at: number }
  | { readonly kind: 'left'; readonly left: Left | null }
  /** Is answered, one after the other. */
  | { readonly kind: 'draw'; readonly topology: Topology }

export type Picture = { readonly text: string } | { readonly error: string }
