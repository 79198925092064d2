// Tunnels between machines are drawn in every format, as the kernel's tables say.
import * as assert from 'uvu/assert'
import { takeSnapshot } from '../../lib/observe/snapshot/take.ts'
import { topologyMermaid } from '../../lib/observe/topology/mermaid.ts'
import { topologySvg } from '../../lib/observe/topology/svg.ts'
import { topologyText } from '../../lib/observe/topology/text.ts'
import { topologyOf } from '../../lib/observe/topology/topology.ts'
import { sandboxSuite, sh } from '../helpers/sandbox.ts'
import { onHost2, tunnel, twoMachines } from '../helpers/two-machines.ts'

sandboxSuite('tunnels', (test) => {
  test('a tunnel joins two devices with one number where one sends to the other', async () => {
    await twoMachines()
    tunnel()
    const ends = [
      { node: 'host', link: 'vxlan0' },
      { node: 'host2', link: 'vxlan0' },
    ]
    const topology = topologyOf(await takeSnapshot())
    assert.equal(topology.tunnels, [{ ends, up: true }])
    assert.match(await topologySvg(topology), /class="wire tunnel"/)
    assert.match(topologyMermaid(topology), /== tunnel ===/)
    const drawn = await topologyText(topology, { columns: 80, charset: 'unicode' })
    assert.match(drawn, /VNI 42/)
    assert.match(drawn, /[═║╫╪]/)
    // One direction is enough.
    sh('bridge fdb delete 02:00:00:00:00:02 dev vxlan0 dst 203.0.113.12 self')
    assert.equal(topologyOf(await takeSnapshot()).tunnels?.length, 1)
    sh(`${onHost2} ip link set vxlan0 down`)
    assert.equal(topologyOf(await takeSnapshot()).tunnels, [{ ends, up: false }])
    sh(`${onHost2} bridge fdb delete 02:00:00:00:00:01 dev vxlan0 dst 203.0.113.2 self`)
    assert.is(topologyOf(await takeSnapshot()).tunnels, undefined)
  })
})
