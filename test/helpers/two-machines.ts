// Joins two machines by a VXLAN tunnel, as the scenario vxlan does: c1 (10.80.0.2) on host, c2 (10.80.0.3) on host2.
import { existsSync } from 'node:fs'
import { addMachines } from '../../lib/scenario/machines.ts'
import { sh } from './sandbox.ts'

export const onHost2 = 'nsenter --net=/run/netns/host2'

/** In a sandbox: the wire of the world becomes a switch. */
export async function twoMachines(): Promise<void> {
  if (!existsSync('/run/netns/switch')) await addMachines(2)
}

/** Also after a test that changed it. */
export function tunnel(): void {
  endTunnel()
  sh(`set -e
    side() {
      $on ip netns add c$1
      $on ip link add name br0 up type bridge
      $on ip link add veth$1 master br0 up type veth peer name eth0 address 02:00:00:00:00:0$1 netns c$1
      ip -n c$1 address add 10.80.0.$(($1 + 1))/24 dev eth0
      ip -n c$1 link set eth0 mtu 1450 up
      $on ip link add vxlan0 master br0 up type vxlan id 42 dstport 4789 local $2 nolearning proxy
      $on bridge fdb add 02:00:00:00:00:0$((3 - $1)) dev vxlan0 dst $3 self permanent
      $on ip neigh add 10.80.0.$((4 - $1)) lladdr 02:00:00:00:00:0$((3 - $1)) dev vxlan0 nud permanent
    }
    on='' side 1 203.0.113.2 203.0.113.12
    on='${onHost2}' side 2 203.0.113.12 203.0.113.2`)
}

function endTunnel(): void {
  // The kernel removes the devices of a deleted namespace a moment later, but the next tunnel needs their names at once.
  sh(`for on in '' '${onHost2}'; do
      for link in veth1 veth2 vxlan0 br0; do $on ip link delete dev $link; done
    done
    ip netns delete c1; ip netns delete c2
    true`)
}
