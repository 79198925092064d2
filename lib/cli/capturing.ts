// `--capture` and `--pcap` of a scenario: what passed all nodes during each command and check, as lines and as a file.
import { Decoder } from '../observe/capture/decoder.ts'
import { Recorder } from '../observe/capture/recorder.ts'
import type { Frame } from '../observe/capture/packet-listener.ts'
import type { PacketsSeen } from '../scenario/events.ts'
import { openPcap } from './pcap-file.ts'

type Packets = () => Promise<PacketsSeen['packets']>

/** @returns what gives the packets since the last time; it lists none when only the file is wanted. */
export async function capturing(capture: boolean, pcap: string | null): Promise<Packets> {
  const file = pcap === null ? undefined : openPcap(pcap)
  const recorder = await Recorder.start()
  const decoder = new Decoder()
  return async () => {
    const frames = await recorder.take()
    for (const frame of frames) file?.writer.frame(frame)
    // A namespace that the command has made is heard from here on; nothing has been sent there yet but by the kernel itself.
    await recorder.refresh()
    return capture ? Promise.all(frames.map((frame) => packet(decoder, frame, frames[0]))) : []
  }
}

async function packet(decoder: Decoder, frame: Frame, first: Frame | undefined) {
  const { node, interface: name, direction, at } = frame
  const after = Number(at - (first?.at ?? at)) / 1e6
  return { node, interface: name, direction, after, text: await decoder.decode(frame) }
}
