// Builds the network of three machines that some broken networks start from: a bridge with a container on each, joined by tunnels.
import type { Check, Nodes } from '../../lib/fix/index.ts'
import { answers, output, ping, showsNo } from '../../lib/scenario/index.ts'

/** In front of a command that runs on another machine. */
export const on2 = 'nsenter --net=/run/netns/host2'
export const on3 = 'nsenter --net=/run/netns/host3'

/** Each machine knows the MAC address of each container, and the machine where it is; no tunnel learns or floods. */
export const wide = `
  for n in 1 2 3; do
    case $n in
      1) on='' ip=203.0.113.2 ;;
      *) on="nsenter --net=/run/netns/host$n" ip=203.0.113.1$n ;;
    esac
    ip netns add c$n
    $on ip -batch - <<END
  link add name br0 type bridge
  link set br0 up
  link add veth$n master br0 up type veth peer name eth0 address 02:00:00:00:00:0$n netns c$n
  link add vxlan0 master br0 up type vxlan id 42 dstport 4789 local $ip nolearning proxy
  END
    ip -n c$n -batch - <<END
  address add 10.80.0.$((n + 1))/24 dev eth0
  link set eth0 mtu 1450 up
  END
    for other in 1 2 3; do
      [ $other != $n ] || continue
      case $other in 1) there=203.0.113.2 ;; *) there=203.0.113.1$other ;; esac
      $on bridge fdb add 02:00:00:00:00:0$other dev vxlan0 dst $there self permanent
      $on ip neighbour add 10.80.0.$((other + 1)) lladdr 02:00:00:00:00:0$other dev vxlan0 nud permanent
    done
  done`

export const widePicture = `
         c1                     c2                     c3
  +-------------+        +-------------+        +-------------+
  | 10.80.0.2   |        | 10.80.0.3   |        | 10.80.0.4   |
  +------+------+        +------+------+        +------+------+
         | br0                  | br0                  | br0
  +------+------+        +------+------+        +------+------+
  | vxlan0      |        | vxlan0      |        | vxlan0      |
  | VNI 42 =====|========|=============|========|====         |
  | host        |        | host2       |        | host3       |
  +------+------+        +------+------+        +------+------+
   203.0.113.2            203.0.113.12           203.0.113.13
         +----------------------+----------------------+---- outside`

export function reaches({ namespace }: Nodes, from: string, to: string, bytes?: number): Check {
  const size = bytes === undefined ? '' : ' with a packet of 1,450 bytes, undivided'
  return {
    statement: `${from} reaches ${to}${size}`,
    probe: ping(namespace(from), `10.80.0.${Number(to.slice(1)) + 1}`, bytes),
    expectation: answers,
  }
}

/** A frame for an unknown MAC address would go to each machine with an entry for 00:00:00:00:00:00. */
export function floodsNothing({ host }: Nodes): Check {
  return {
    statement: 'no tunnel floods: each frame goes to one machine',
    probe: output(
      host,
    )`for on in '' 'nsenter --net=/run/netns/host2' 'nsenter --net=/run/netns/host3'; do $on bridge fdb show | grep ' dst '; done`,
    expectation: showsNo('00:00:00:00:00:00'),
  }
}
