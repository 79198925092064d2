// Keeps the answer that is chosen and not yet given.
import { signal } from '@preact/signals'

export const chosen = signal<{ readonly check: number; readonly value: string } | null>(null)
