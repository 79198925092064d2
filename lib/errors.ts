// Defines the one error that users see: it always names the operation, its object and the reason, and often says what to do next.

/**
 * Stable identifiers for programs: a code is never renamed and never gets a second meaning. docs/errors.md is made of these
 * comments.
 */
export type ErrorCode =
  /** A field or an option is malformed, unknown, or contradicts another one. Advice: Correct the field that `reason` names. */
  | 'usage'
  /** A program that the change needs is not installed. Advice: Install the program that the error names. */
  | 'program-missing'
  /** A program that was started ended with an error. Advice: Read its output in `reason`. */
  | 'program-failed'
  /** The kernel of this host lacks a feature, or a module of it cannot be loaded. Advice: Load the module that the advice names, or use a newer kernel. */
  | 'kernel-feature-missing'
  /** This process lacks the capability for the change, such as CAP_NET_ADMIN. Advice: Run it as root, or in a network namespace of its own. */
  | 'not-permitted'
  /** The kernel refused an operation of the plan for a reason that has no code of its own. Advice: Read `reason`; `reconcile` repairs what another program changed. */
  | 'kernel-refused'
  /** A removal or a roll-back could not be completed; what is left is still recorded. Advice: Remove the cause that `reason` names, then call `reconcile`. */
  | 'teardown-incomplete'
  /** The path of the network namespace leads to nothing, or to something else. Advice: Create the namespace, or correct the path. */
  | 'netns-missing'
  /** The namespace to connect is the one in which the networks themselves are. Advice: Create a namespace for the container. */
  | 'netns-is-host'
  /** An interface with the wanted name exists already. Advice: Choose another name, or remove that interface. */
  | 'interface-exists'
  /** Another endpoint publishes the port of the host, or the request names it twice. Advice: Publish another host port, or disconnect the other endpoint. */
  | 'port-in-use'
  /** A program of the host listens on the port. Advice: Publish another host port, or stop the program. */
  | 'listener-in-the-way'
  /** The port cannot be published: the network is internal, lacks the family, or the host lacks the address. Advice: Leave the address out, or publish on another network. */
  | 'port-unusable'
  /** Every port of the range to choose from is in use. Advice: Name a port, or disconnect endpoints that are not needed. */
  | 'ports-exhausted'
  /** Another program, or another state directory, has a firewall table of this name. Advice: Open the networks with another `label`. */
  | 'firewall-taken'
  /** Two drivers have the same name. Advice: Rename the driver of your own. */
  | 'driver-exists'
  /** No driver has the name that the network needs. Advice: Pass the driver to `openNetworks`. */
  | 'driver-missing'
  /** The driver has no option with this name. Advice: Use one of the options that the advice lists. */
  | 'option-unknown'
  /** The bridge has as many ports as the kernel allows, 1,023. Advice: Disconnect endpoints, or create another network. */
  | 'network-full'
  /** A text is not an IP address. Advice: Write it like 192.168.0.7 or fd00::7. */
  | 'address-malformed'
  /** An address is outside of the subnet, or the network has no subnet of its family. Advice: Choose an address of the subnet that the advice names. */
  | 'address-out-of-range'
  /** An address is the gateway, the network or broadcast address, or reserved. Advice: Request another address, or none. */
  | 'address-reserved'
  /** An endpoint, or the host, has the address. Advice: Request another address, or none. */
  | 'address-taken'
  /** Somebody else has the address to release, or nobody. Advice: Release an address once, by its owner. */
  | 'address-not-owned'
  /** A text is not a range of addresses. Advice: Write it like 192.168.0.10-192.168.0.20 or 192.168.0.32/28. */
  | 'range-malformed'
  /** A text is not a subnet. Advice: Write it like 192.168.0.0/24. */
  | 'subnet-malformed'
  /** A subnet does not start at its network address. Advice: Use the subnet that `reason` names. */
  | 'subnet-host-bits'
  /** The subnet overlaps with one of another network, or with a route or an address of the host. Advice: Name another subnet, or none. */
  | 'subnet-overlap'
  /** The subnet has no room for a gateway and an endpoint. Advice: Use a /30 or /126, or a larger subnet. */
  | 'subnet-too-small'
  /** The subnet belongs to a special range, such as loopback or multicast. Advice: Use a private subnet. */
  | 'subnet-unusable'
  /** Every private subnet that could be chosen is in use. Advice: Name a subnet, or remove networks that are not needed. */
  | 'subnets-exhausted'
  /** Another network of the cluster has the number (VNI) in its packets. Advice: Name another one, or none. */
  | 'vni-taken'
  /** The MTU of the network does not fit into the tunnels of this machine, or of another one. Advice: Create the network with a smaller `mtu`. */
  | 'mtu-too-large'
  /** The address of this machine for tunnels is unknown, on no interface, or that of another machine. Advice: Name the address. */
  | 'host-address-unusable'
  /** No pool has this subnet. Advice: Request the pool first. */
  | 'pool-missing'
  /** Addresses of the pool, or a network, are in use. Advice: Release them first. */
  | 'pool-in-use'
  /** Every address of the range is in use or reserved. Advice: Disconnect endpoints, or use a larger subnet. */
  | 'pool-exhausted'
  /** The owner of an address is not 1 to 256 printable ASCII characters without spaces. Advice: Use an id as the owner. */
  | 'owner-malformed'
  /** A text is not a MAC address of one station. Advice: Write it like 02:42:ac:11:00:02. */
  | 'mac-malformed'
  /** Another endpoint of the network, or the bridge, has the MAC address. Advice: Name another one, or none. */
  | 'mac-taken'
  /** A text is not a published port. Advice: Write it like 8080:80 or 127.0.0.1:8080:80/udp. */
  | 'port-malformed'
  /** A name has a character or a length that is not allowed. Advice: Choose a name like web or backend-1. */
  | 'name-malformed'
  /** A network or a container with the name exists. Advice: Choose another name, or call `ensure`. */
  | 'name-taken'
  /** No network has the name. Advice: `list` returns the networks that exist. */
  | 'network-missing'
  /** Endpoints are connected to the network. Advice: Disconnect them, or remove the network with `force`. */
  | 'network-in-use'
  /** A network with the name exists, and a field of the request differs from it. Advice: Leave the field out, or remove the network first. */
  | 'network-differs'
  /** The namespace is connected to the network already. Advice: Name an interface to connect it once more, or use a `key`. */
  | 'already-connected'
  /** The network has no endpoint with the id. Advice: `endpoints` returns those that exist. */
  | 'endpoint-missing'
  /** The endpoint of the key exists, and a field of the request differs from it. Advice: Use another key, or the fields of the first request. */
  | 'endpoint-differs'
  /** Another program made a default route in the namespace, and the request asks for one. Advice: Leave `defaultRoute` out, or delete that route. */
  | 'default-route-exists'
  /** The state no longer has the events that `since` asks for. Advice: Read networks and endpoints anew, and watch without `since`. */
  | 'events-lost'
  /** Another process has held the state for longer than the time limit. Advice: Wait until that process has ended its change, or end it. */
  | 'state-busy'
  /** A stored record is damaged, or another program wrote the file. Advice: Keep a copy of the directory; put a backup back only if no network was changed since. */
  | 'state-corrupt'
  /** A newer version of netdojo wrote the state. Advice: Use that version, or another state directory. */
  | 'state-newer'
  /** The system refuses to read or write the state: permissions, a full disk, a read-only file system. Advice: Remove the cause that `reason` names. */
  | 'state-unavailable'
  /** Another user could change the state directory, or a file in it. Advice: Correct the owner or the mode, as the advice says. */
  | 'state-unsafe'
  /** No container has the name or the id. Advice: `list` returns those that exist. */
  | 'container-missing'
  /** The container runs, and the call is only for an ended one. Advice: Stop it first, or use `force`. */
  | 'container-running'
  /** The container has ended, and the call is only for a running one. Advice: Start it again, or run another one. */
  | 'container-stopped'
  /** The container, or a program in it, could not be started. Advice: Read the output of runc in `reason`. */
  | 'container-failed'
  /** The container has no program with this name. Advice: Correct the path, or use a root file system that has it. */
  | 'command-missing'
  /** The program exists and cannot be executed. Advice: Make it executable, and check its interpreter. */
  | 'command-unusable'
  /** The image archive is damaged, or of an unknown kind. Advice: Use an archive of `docker save`, or an OCI layout. */
  | 'image-unusable'
  /** The root file system is missing, or no directory. Advice: Correct `root`. */
  | 'root-unusable'
  /** The path of the host that a volume names does not exist. Advice: Create it, or correct the path. */
  | 'volume-missing'
  /** The signal of the call was aborted; the change was rolled back. Advice: Call again when the change is wanted. */
  | 'aborted'
  /** The object was closed. Advice: Open the networks again. */
  | 'closed'

/** @internal Codes of the lab, which the library never throws. */
export type LabErrorCode = 'sandbox-refused' | 'sandbox-failed' | 'node-missing'

/** The same call can succeed later, without a change of the request: what is in its way can end by itself. */
const retryable: ReadonlySet<string> = new Set<ErrorCode>([
  'address-taken',
  'container-running',
  'listener-in-the-way',
  'mac-taken',
  'network-full',
  'network-in-use',
  'pool-exhausted',
  'pool-in-use',
  'port-in-use',
  'ports-exhausted',
  'state-busy',
  'subnets-exhausted',
  'teardown-incomplete',
])

/** Whether this is a checkout of the repository. The installed package has JavaScript, and none of the repository's npm scripts. */
export const isCheckout = import.meta.filename.endsWith('.ts')

/** The commands that advice names: each exists where it is printed. */
export const commandFor = isCheckout
  ? { shell: 'npm run shell', scenario: 'npm run scenario', doctor: 'npm run doctor' }
  : {
      shell: 'unshare --map-root-user --net --mount',
      scenario: 'netdojo scenario',
      doctor: 'netdojo doctor',
    }

/** What an error is made of. */
export type ErrorFields = {
  /** See docs/errors.md. */
  readonly code: ErrorCode
  /** The operation as a verb: `'start'`. */
  readonly operation: string
  /** The object of the operation: `'the sandbox'`. */
  readonly object: string
  /** Why it failed, as a fact and a rule, without a full stop: `'mtu must be between 68 and 65535, not 5'`. */
  readonly reason: string
  /** What to do next, the most promising first. */
  readonly advice?: readonly string[]
  /** The error that led to this one. */
  readonly cause?: unknown
}

/** Thrown by every part of netdojo for a failure that a person can act on. */
export class NetdojoError extends Error {
  /** Always `'NetdojoError'`. */
  override readonly name = 'NetdojoError'
  /** A stable identifier: docs/errors.md lists all. */
  readonly code: ErrorCode
  /** The operation as a verb: `'create'`. */
  readonly operation: string
  /** The object of the operation: `'the network web'`. */
  readonly object: string
  /** Why it failed, as a fact and a rule, without a full stop. */
  readonly reason: string
  /** What to do next, the most promising first; may be empty. */
  readonly advice: readonly string[]

  /** For errors of your own drivers and stores. */
  constructor(fields: ErrorFields)
  /** @internal */
  constructor(fields: Omit<ErrorFields, 'code'> & { readonly code: ErrorCode | LabErrorCode })
  constructor(fields: Omit<ErrorFields, 'code'> & { readonly code: ErrorCode | LabErrorCode }) {
    super(`cannot ${fields.operation} ${fields.object}: ${fields.reason}`, { cause: fields.cause })
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- programs of the lab compare no code of theirs
    this.code = fields.code as ErrorCode
    this.operation = fields.operation
    this.object = fields.object
    this.reason = fields.reason
    this.advice = fields.advice ?? []
  }

  /** Whether the same call can succeed later, because what is in its way can end by itself. */
  get retryable(): boolean {
    return retryable.has(this.code)
  }

  /** The error as a paragraph for a terminal: the message, then a line for each piece of advice. */
  toText(): string {
    return [`netdojo: ${this.message}.`, ...this.advice.map((line) => `  - ${line}`)].join('\n')
  }
}
