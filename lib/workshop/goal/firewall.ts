// Finds firewall rules that are missing, that differ, and that the goal does not have: each of them also applies to later packets.
import type { NodeState } from '../../kernel/state/state.ts'
import { effectsOf, type Effect } from './effect.ts'
import { mistake, notYet, type Missing } from './goal.ts'

export function missingFirewall(
  wanted: NodeState,
  now: NodeState,
  before: NodeState | undefined,
): readonly Missing[] {
  const node = wanted.name
  const [wantAll, isAll] = [effectsOf(wanted), effectsOf(now)]
  const library = libraryRules(node, wantAll, isAll)
  const compared = (all: readonly Effect[]) =>
    library.length > 0 ? all.filter((each) => !isOfLibrary(each)) : all
  const [want, is] = [compared(wantAll), compared(isAll)]
  const lacking = without(want, is)
  const surplus = without(is, want)
  const old = before ? effectsOf(before) : []
  const found: Missing[] = []
  for (const { essence, at, text, undo } of surplus) {
    const wasThere = old.some((other) => other.essence === essence)
    const index = lacking.findIndex((other) => other.at === at)
    const [right] = index < 0 ? [] : lacking.splice(index, 1)
    const values = { rule: right?.text ?? text, other: text }
    const isDouble = want.some((other) => other.essence === essence)
    if (right)
      found.push(
        (wasThere ? notYet : mistake)(
          node,
          '{node} has the firewall rule {other}, but must have {rule}',
          values,
          undo,
        ),
      )
    else if (isDouble)
      found.push(mistake(node, '{node} has the firewall rule {rule} more than once', values, undo))
    else if (wasThere)
      found.push(notYet(node, '{node} still has the firewall rule: {rule}', values, undo))
    else
      found.push(
        mistake(
          node,
          '{node} has a firewall rule that the goal does not have. It also applies to other packets: {rule}',
          values,
          undo,
        ),
      )
  }
  return [
    ...library,
    ...lacking.map(({ text }) =>
      notYet(node, '{node} has no firewall rule yet with this effect: {rule}', { rule: text }),
    ),
    ...found,
    ...(lacking.length + found.length === 0 ? order(node, want, is) : []),
    ...policies(wanted, now),
  ]
}

/** The library adds all of its rules at once, some fifty: where one side has none, one message tells it. */
function libraryRules(
  node: string,
  want: readonly Effect[],
  is: readonly Effect[],
): readonly Missing[] {
  const [isWanted, isThere] = [want.some(isOfLibrary), is.some(isOfLibrary)]
  if (isWanted === isThere) return []
  return isWanted
    ? [notYet(node, '{node} has no firewall rules of netdojo yet')]
    : [mistake(node, '{node} has firewall rules of netdojo, which the goal does not have', {})]
}

function isOfLibrary({ text }: Effect): boolean {
  return text.startsWith('netdojo/')
}

/** What is left of `all` when each of `others` takes away one with the same essence. */
function without(all: readonly Effect[], others: readonly Effect[]): Effect[] {
  const left = [...all]
  for (const { essence } of others) {
    const index = left.findIndex((each) => each.essence === essence)
    if (index >= 0) left.splice(index, 1)
  }
  return left
}

/** The first rule that matches decides, and commands name rules by their position. */
function order(node: string, want: readonly Effect[], is: readonly Effect[]): readonly Missing[] {
  return [...new Set(want.map(({ at }) => at))].flatMap((at) => {
    const [right, own] = [want, is].map((all) => all.filter((each) => each.at === at))
    const index = right?.findIndex(({ essence }, each) => own?.[each]?.essence !== essence) ?? -1
    if (index < 0) return []
    return [
      mistake(node, 'the rules of {node} are in another order: {rule} must come before {other}', {
        rule: right?.[index]?.text ?? '',
        other: own?.[index]?.text ?? '',
      }),
    ]
  })
}

function policies(wanted: NodeState, now: NodeState): readonly Missing[] {
  const policyAt = (node: NodeState, hook: string) =>
    node.chains.some(
      (chain) => chain.hook?.toLowerCase() === hook && chain.policy?.toLowerCase() === 'drop',
    )
      ? 'drop'
      : 'accept'
  return ['prerouting', 'input', 'forward', 'output', 'postrouting']
    .filter((hook) => policyAt(wanted, hook) !== policyAt(now, hook))
    .map((hook) =>
      mistake(wanted.name, 'the policy of {hook} on {node} is {is}, but must be {wanted}', {
        hook,
        is: policyAt(now, hook),
        wanted: policyAt(wanted, hook),
      }),
    )
}
