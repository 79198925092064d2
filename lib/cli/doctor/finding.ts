// One thing that the doctor looked at: what it is like, and what to do about it.

export type Finding = {
  /** Whose it is: of this machine, or of the network that the command was typed in. */
  readonly area: Area
  readonly name: string
  /** `fault`: something will not work; `note`: it may explain what is seen; `unknown`: it could not be looked at. */
  readonly state: 'ok' | 'note' | 'fault' | 'unknown'
  readonly observed: string
  readonly advice: readonly string[]
}

export type Area = 'places' | 'tools' | 'kernel' | 'network'

export function ok(area: Area, name: string, observed: string): Finding {
  return { area, name, state: 'ok', observed, advice: [] }
}

export function fault(
  area: Area,
  name: string,
  observed: string,
  ...advice: readonly string[]
): Finding {
  return { area, name, state: 'fault', observed, advice }
}

export function note(
  area: Area,
  name: string,
  observed: string,
  ...advice: readonly string[]
): Finding {
  return { area, name, state: 'note', observed, advice }
}

export function unknown(
  area: Area,
  name: string,
  observed: string,
  ...advice: readonly string[]
): Finding {
  return { area, name, state: 'unknown', observed, advice }
}
