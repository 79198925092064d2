// Defines a contender of the attach bench; the container `index` has the namespace /run/netns/c<index>.

export type Contender = {
  create(): Promise<void>
  /** Interface, address, route, masquerade, and port 10000 + index of the host to port 80. */
  connect(index: number): Promise<void>
  disconnect(index: number): Promise<void>
  remove(): Promise<void>
}

export const subnet = '10.77.0.0/16'
export const gateway = '10.77.0.1'

export function namespaceOf(index: number): string {
  return `/run/netns/c${index}`
}
