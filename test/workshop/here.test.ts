// Runs the workshop with `--in here`: the nodes are namespaces of the machine, and are removed at the end.
import * as assert from 'uvu/assert'
import { walk } from '../helpers/walk.ts'
import { sandboxSuite, sh } from '../helpers/sandbox.ts'

// A sandbox takes the place of the machine, because `here` needs one without namespaces.
sandboxSuite('workshop --in here', (_test, slow) => {
  sh('ip netns delete outside; umount /run/netns; rmdir /run/netns')

  slow('a step by hand, one that is rebuilt, and the progress', async () => {
    const { run, script, progress } = walk()
    const file = script('unreachable', 'run', 'answer', 'leave')
    const where = ['--in', 'here', '--yes', '--plain']
    const { exitCode, stdout, stderr } = await run([
      '--from',
      'masquerade:2',
      ...where,
      '--script',
      file,
    ])
    assert.is(exitCode, 0, stdout + stderr)
    assert.match(stdout, /ns1 reaches the gateway/)
    assert.is(progress().scenarios.masquerade?.next, 3)
    assert.is(sh('ip netns list'), '')
  })

  slow('3: a machine with other namespaces is not changed', async () => {
    sh('ip netns add theirs')
    const { run, script } = walk()
    const { exitCode, stderr } = await run([
      'veth-pair',
      '--in',
      'here',
      '--yes',
      '--script',
      script('leave'),
    ])
    assert.is(exitCode, 3)
    assert.match(stderr, /this machine must not have named network namespaces, and it has theirs/)
    sh('ip netns delete theirs')
  })
})
