// Checks the root file system of containers: from a directory, from image archives of both kinds, and from a host with mounts in it.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { isInstalled } from '../../lib/exec/search-path.ts'
import { containerSuite, openBoth, smallRoot, type Opened } from '../helpers/containers.ts'
import { errorOf, newDirectory } from '../helpers/networks.ts'
import { sh } from '../helpers/sandbox.ts'

containerSuite('root file system', (test, slow) => {
  test('a directory, with any character in its path, is never written to', async () => {
    await using opened = await openBoth()
    const root = smallRoot(join(newDirectory(), "a,b:c'd e"))
    const before = sh(`ls -lR "${root}"`)
    assert.is(
      await output(opened, {
        root,
        command: [
          '/bin/sh',
          '-c',
          'ls /; echo x >/etc/x; echo y >/y; cat /etc/x /y; cat /etc/hosts >/dev/null',
        ],
      }),
      'bin\ndev\netc\nlib\nlib64\nproc\nsys\ntmp\nx\ny\n'.replace(
        /lib64\n/,
        sh(`ls "${root}"`).includes('lib64') ? 'lib64\n' : '',
      ),
    )
    assert.is(sh(`ls -lR "${root}"`), before)
  })

  test('a directory with mounts in it is bound read-only', async () => {
    await using opened = await openBoth()
    const root = smallRoot(newDirectory())
    mkdirSync(join(root, 'data/below'), { recursive: true })
    sh(`mount -t tmpfs netdojo-test ${root}/data/below && echo deep >${root}/data/below/file`)
    try {
      const command = ['/bin/sh', '-c', 'cat /data/below/file; touch /data/x 2>&1 || echo refused']
      assert.match(
        await output(opened, { root, command }),
        /^deep\n.*Read-only file system\nrefused\n$/s,
      )
    } finally {
      sh(`umount ${root}/data/below`)
    }
  })

  slow(
    'image archives: OCI layout and docker save, with entrypoint, environment and directory',
    async () => {
      await using opened = await openBoth()
      const archive = join(newDirectory(), 'image.tar')
      makeArchive(archive)
      if (!isInstalled('skopeo') || !isInstalled('umoci')) {
        const error = await errorOf(opened.containers.run({ root: archive }))
        assert.is(error.code, 'program-missing')
        return
      }
      assert.is(await output(opened, { root: archive }), 'image /srv usual\n')
      assert.is(await output(opened, { root: archive, command: ['other'] }), 'image /srv other\n')
      assert.is(
        await output(opened, {
          root: archive,
          entrypoint: '/bin/cat',
          command: ['/etc/hostname'],
          hostname: 'h',
        }),
        'h\n',
      )
      const docker = join(newDirectory(), 'docker.tar')
      sh(
        `skopeo --insecure-policy copy --quiet oci-archive:${archive} docker-archive:${docker}:name:tag`,
      )
      assert.is(await output(opened, { root: docker, command: ['saved'] }), 'image /srv saved\n')
      const broken = join(newDirectory(), 'broken.tar')
      sh(`cd / && tar cf ${broken} etc/hostname`)
      assert.match(
        (await errorOf(opened.containers.run({ root: broken }))).reason,
        /neither manifest.json/,
      )
      assert.equal(await opened.containers.list(), [])
    },
  )

  test('without skopeo and umoci, the error says what to install', async () => {
    await using opened = await openBoth()
    const archive = join(newDirectory(), 'image.tar')
    writeFileSync(archive, '')
    const hidden = ['skopeo', 'umoci']
      .map((program) => sh(`command -v ${program} || true`).trim())
      .filter(Boolean)
    for (const path of hidden) sh(`mount --bind /dev/null ${path}`)
    try {
      const error = await errorOf(opened.containers.run({ root: archive }))
      assert.is(error.code, 'program-missing')
      assert.match(
        error.toText(),
        /not installed: skopeo, umoci.\n {2}- Debian, Ubuntu: sudo apt-get install skopeo umoci/,
      )
    } finally {
      for (const path of hidden) sh(`umount ${path}`)
    }
  })
})

async function output(
  { containers }: Opened,
  request: Parameters<Opened['containers']['run']>[0],
): Promise<string> {
  await using container = await containers.run(request)
  let text = ''
  for await (const data of container.logs({ follow: true })) text += data.toString()
  return text
}

/** An OCI layout in a tar, by hand: one layer, a configuration, a manifest and an index (opencontainers/image-spec). */
function makeArchive(archive: string): void {
  const layout = newDirectory()
  const layer = join(layout, 'layer.tar')
  sh(`tar -C ${smallRoot(newDirectory())} -cf ${layer} .`)
  mkdirSync(join(layout, 'blobs/sha256'), { recursive: true })
  const blob = (content: Buffer | string, type: string) => {
    const hash = createHash('sha256').update(content).digest('hex')
    writeFileSync(join(layout, 'blobs/sha256', hash), content)
    return {
      mediaType: `application/vnd.oci.image.${type}`,
      digest: `sha256:${hash}`,
      size: Buffer.byteLength(content),
    }
  }
  const layerBlob = blob(readFileSync(layer), 'layer.v1.tar')
  const config = blob(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: {
        Entrypoint: ['/bin/sh', '-c', 'echo $FROM $PWD $0'],
        Cmd: ['usual'],
        Env: ['FROM=image', 'PATH=/bin'],
        WorkingDir: '/srv',
      },
      rootfs: { type: 'layers', diff_ids: [layerBlob.digest] },
    }),
    'config.v1+json',
  )
  const manifest = blob(
    JSON.stringify({ schemaVersion: 2, config, layers: [layerBlob] }),
    'manifest.v1+json',
  )
  writeFileSync(
    join(layout, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [manifest] }),
  )
  writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion": "1.0.0"}')
  sh(`cd ${layout} && tar cf ${archive} oci-layout index.json blobs`)
}
