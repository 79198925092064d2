// Compares bridges, veth pairs and the firewall with the records, and plans the repair: missing objects are restored, and what has no
// record goes only when the user says so.
import { macAddressFor } from '../../address/mac-address.ts'
import { repairDockerUser } from '../../firewall/docker-user.ts'
import { linkGroup } from '../../firewall/firewall.ts'
import { readHost } from '../../kernel/read.ts'
import type { Link } from '../../kernel/state/state.ts'
import type { Attached, CheckOptions, Findings, Step } from '../driver.ts'
import { hasFamily, rulesOf, sourcesOf, type BridgeContext } from './context.ts'
import { bridgeSteps, dockerTitle } from './create.ts'
import { addRules } from './policy-rules.ts'
import { guardedFamilies, startForwarding } from './forwarding.ts'
import { aliasOf } from './connect.ts'

export async function checkBridges(
  context: BridgeContext,
  attached: readonly Attached[],
  { removeStrays }: CheckOptions,
): Promise<Findings> {
  const { firewall, label, docker } = context
  const links = new Map((await readHost()).links.map((link) => [link.name, link]))
  const exists = (name: string, id: string) => links.get(name)?.mac === macAddressFor(id)
  const missing = attached.filter(({ network }) => !exists(network.interface, network.id))
  const endpoints = attached.flatMap(({ endpoints }) => endpoints)
  // A new bridge would not get the ports of the lost one back.
  const lost = new Set([
    ...missing.flatMap(({ endpoints }) => endpoints),
    ...endpoints.filter(({ hostInterface, id }) => !exists(hostInterface, id)),
  ])
  const kept = endpoints.filter((endpoint) => !lost.has(endpoint))
  const recorded = new Set([
    ...attached.flatMap(({ network, links = [] }) => [network.interface, ...links]),
    ...endpoints.map(({ hostInterface }) => hostInterface),
  ])
  const labelled = [...links.values()].filter((link) => hasOurLabel(link, label))
  // The end of a veth pair that is handed over, until the engine moves it.
  const aliases = new Set(
    attached.flatMap(({ network, endpoints }) =>
      endpoints
        .filter(({ netns }) => netns === undefined)
        .map((endpoint) => aliasOf(label, network, endpoint)),
    ),
  )
  const strays = labelled
    .filter(({ name, alias = '' }) => !recorded.has(name) && !aliases.has(alias))
    .map(({ name }) => name)
  const ofLost = new Set([...lost].map(({ hostInterface }) => hostInterface))
  const removed = labelled
    .map(({ name }) => name)
    .filter((name) => ofLost.has(name) || (removeStrays && strays.includes(name)))
  const isKept = strays.length > 0 && !removeStrays
  const networks = attached.map(({ network }) => network)
  const repairs = await firewall.repair(
    {
      networks: networks.map(rulesOf),
      guarded: guardedFamilies(context, networks),
      forwards: kept.flatMap(({ forwards }) => forwards),
      sources: attached.flatMap(({ network, endpoints }) =>
        endpoints
          .filter((endpoint) => !lost.has(endpoint))
          .flatMap((endpoint) => sourcesOf(network, endpoint)),
      ),
    },
    { keepUnknown: isKept },
  )
  const passing = attached.filter(({ network }) => !network.internal)
  const bridgesOf = (family: 4 | 6) =>
    passing
      .filter(({ network }) => hasFamily(network, family))
      .map(({ network }) => network.interface)
  const dockerRepairs = await repairDockerUser(bridgesOf, docker)
  const steps: readonly Step[] = [
    {
      title: 'Remove our interfaces that have no record, or whose endpoint is gone',
      operations: removed.map((name) => ({ kind: 'remove-link', link: name })),
    },
    ...missing.flatMap(({ network }) => bridgeSteps(context, network)),
    { title: 'Restore the firewall from the records', operations: repairs },
    { title: dockerTitle, operations: dockerRepairs },
    addRules(context.routing, networks),
    // The repair has brought the rules for it.
    ...startForwarding(context, networks).filter(({ operations }) =>
      operations.every(({ kind }) => kind === 'set-sysctl'),
    ),
  ]
  return {
    steps: steps.filter(({ operations }) => operations.length > 0),
    lost: [...lost].map(({ id }) => id),
    strays: isKept ? strays : [],
  }
}

function hasOurLabel(link: Pick<Link, 'group' | 'alias'>, label: string): boolean {
  return link.group === String(linkGroup) && (link.alias?.startsWith(`${label}/`) ?? false)
}
