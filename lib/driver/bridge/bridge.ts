// Makes the bridge driver: a network is a Linux bridge with the gateway's address, an endpoint is a veth pair from the bridge
// into a namespace.
import { dockerFamilies } from '../../firewall/docker-user.ts'
import type { Firewall, Forward } from '../../firewall/firewall.ts'
import { readHost } from '../../kernel/read.ts'
import type { Operation } from '../../kernel/operation.ts'
import type { NetworkDriver, Step } from '../driver.ts'
import { checkBridges } from './check.ts'
import { connectSteps, disconnectSteps, flushBefore } from './connect.ts'
import { bridgeName, vethName, type BridgeContext } from './context.ts'
import { createSteps, removeSteps } from './create.ts'
import { readForwarding } from './forwarding.ts'

/** `label` begins the alias of every interface of these networks. */
export function bridgeDriver(firewall: Firewall, label: string): NetworkDriver {
  const context: BridgeContext = {
    firewall,
    label,
    docker: [],
    host: { on: [], changed: [], links: [] },
    routing: { rules: [], routes: [] },
  }
  return {
    name: 'bridge',
    options: {
      interface: 'the name of the bridge; the default is nd- and the network’s name',
      'any-source':
        'true lets its containers send with addresses that are not their own, as routers do; the default is false',
    },
    handsOver: true,
    networkInterface: ({ name, options }) => options.interface ?? bridgeName(name),
    endpointInterface: vethName,
    async prepare(changed) {
      await firewall.prepare()
      const [docker, host] = await Promise.all([dockerFamilies(), readHost()])
      context.docker = docker
      context.host = readForwarding(changed, host.links)
      context.routing = host
    },
    async prepareEndpoint() {
      await firewall.prepare()
    },
    create: (network, others) => createSteps(context, network, others),
    remove: (network, others) => removeSteps(context, network, others),
    connect: (network, endpoint) => connectSteps(context, network, endpoint),
    disconnect: (network, endpoint) => disconnectSteps(context, network, endpoint),
    publish: (forwards) => withFlush('Publish the ports', firewall.publish(forwards), forwards),
    unpublish: (forwards) =>
      withFlush('Unpublish the ports', firewall.unpublish(forwards), forwards),
    check: (attached, options) => checkBridges(context, attached, options),
  }
}

/** Conntrack entries of these ports would go on as before the change. */
function withFlush(
  title: string,
  operations: readonly Operation[],
  forwards: readonly Forward[],
): readonly Step[] {
  const steps = [
    { title, operations },
    {
      title: 'Delete old conntrack entries of these ports',
      operations: forwards.flatMap(flushBefore),
    },
  ]
  return steps.filter((step) => step.operations.length > 0)
}
