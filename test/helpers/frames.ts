// Builds Ethernet frames with any source and sends them from a namespace, as an attacker in a container does.
import { sh } from './sandbox.ts'

/** Only Perl can do it without a compiler: a packet socket (17, packet(7)) takes the whole frame. */
const program = `
  socket(my $s, 17, 3, 0) or die $!;
  my $index = qx(cat /sys/class/net/$ARGV[0]/ifindex 2>/dev/null || ip -o link show $ARGV[0]); $index =~ s/^(\\d+).*/$1/s;
  send($s, pack('H*', $ARGV[1]), 0, pack('S n i S C C a8', 17, 3, $index, 1, 0, 6, '')) or die $!;
`

export function sendFrame(netns: string, frame: string, link = 'eth0'): void {
  sh(`nsenter --net=${netns} perl - ${link} ${frame}`, program)
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')
const mac = (text: string) => text.replaceAll(':', '')

export function ethernet(to: string, from: string, type: string, payload: string): string {
  return mac(to) + mac(from) + type + payload
}

/** An address as hexadecimal digits; an IPv6 address with \`::\` is filled up. */
export function digits(address: string): string {
  if (!address.includes(':'))
    return address
      .split('.')
      .map((part) => hex(Number(part), 2))
      .join('')
  const [left = '', right = ''] = address.split('::')
  const groups = (text: string) => text.split(':').filter(Boolean)
  const filled = Array.from({ length: 8 - groups(left).length - groups(right).length }, () => '0')
  return [...groups(left), ...filled, ...groups(right)]
    .map((group) => group.padStart(4, '0'))
    .join('')
}

/** RFC 1071. */
function checksum(text: string): string {
  let sum = 0
  for (let at = 0; at < text.length; at += 4)
    sum += Number.parseInt(text.slice(at, at + 4).padEnd(4, '0'), 16)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16)
  return hex(~sum & 0xffff, 4)
}

/** A UDP packet to port 9 (discard); IPv4 allows a UDP checksum of zero. */
export function udp4(from: string, to: string): string {
  const header = (sum: string) =>
    `4500001d00000000${hex(64, 2)}11${sum}${digits(from)}${digits(to)}`
  return `${header(checksum(header('0000')))}0009000900090000${hex(0x58, 2)}`
}

export function arp(
  operation: 1 | 2,
  sender: { mac: string; address: string },
  target: { mac: string; address: string },
): string {
  const pair = (side: typeof sender) => mac(side.mac) + digits(side.address)
  return `000108000604${hex(operation, 4)}${pair(sender)}${pair(target)}`
}

function ipv6(from: string, to: string, next: number, payload: string): string {
  return `60000000${hex(payload.length / 2, 4)}${hex(next, 2)}ff${digits(from)}${digits(to)}${payload}`
}

function icmp6(from: string, to: string, body: (sum: string) => string): string {
  const length = hex(body('0000').length / 2, 8)
  const sum = checksum(`${digits(from)}${digits(to)}${length}0000003a${body('0000')}`)
  return ipv6(from, to, 58, body(sum))
}

/** A neighbour advertisement that overrides (RFC 4861 4.4): \`target\` is at \`at\`. */
export function advertisement(from: string, to: string, target: string, at: string): string {
  return icmp6(from, to, (sum) => `8800${sum}20000000${digits(target)}0201${mac(at)}`)
}

/** As duplicate address detection sends it (RFC 4862 5.4.2). */
export function probe6(target: string): string {
  const group = `ff02::1:ff${digits(target).slice(-6, -4)}:${digits(target).slice(-4)}`
  return icmp6('::', group, (sum) => `8700${sum}00000000${digits(target)}`)
}
