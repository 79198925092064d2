// Unpacks an image archive into a root file system and a program: skopeo reads the archive, umoci unpacks its layers.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { quote } from '../address/quote.ts'
import { NetdojoError } from '../errors.ts'
import { isInstalled } from '../exec/search-path.ts'
import type { ImageProcess } from './bundle.ts'
import { shellQuote } from '../exec/shell-quote.ts'
import { isOwnUserNamespace } from './user-namespace.ts'

export type Image = { readonly root: string; readonly process: ImageProcess }

export function isArchive(root: string): boolean {
  return /\.(tar|tar\.gz|tgz)$/.test(root)
}

/** @throws NetdojoError `program-missing` or `image-unusable`. Called before anything is created. */
export function refuseArchive(archive: string): void {
  if (!existsSync(archive)) throw unusable(archive, 'the file does not exist')
  const missing = ['skopeo', 'umoci', 'tar'].filter((program) => !isInstalled(program))
  if (missing.length === 0) return
  throw new NetdojoError({
    code: 'program-missing',
    operation: 'unpack the image',
    object: quote(archive),
    reason: `not installed: ${missing.join(', ')}`,
    advice: [
      `Debian, Ubuntu: sudo apt-get install ${missing.join(' ')}`,
      `Fedora: sudo dnf install ${missing.join(' ')}`,
      'or unpack it elsewhere and name its directory: docker export CONTAINER | tar -x -C ./rootfs',
    ],
  })
}

/** Unpacks the archive below `directory`. @throws NetdojoError `image-unusable` */
export async function unpackImage(directory: string, archive: string): Promise<Image> {
  const { run } = await import('../exec/run.ts')
  const step = async (program: string, ...args: readonly string[]) => {
    const { exitCode, stdout, stderr } = await run(program, args, {
      allowFailure: true,
      // Their temporary files are as large as the image, and are removed with the container.
      env: { TMPDIR: directory, HOME: directory, XDG_RUNTIME_DIR: directory },
    })
    if (exitCode !== 0) throw unusable(archive, `${program}: ${lastLine(stderr)}`)
    return stdout
  }
  const names = (await step('tar', '--list', '--file', archive)).split('\n')
  const isDocker = names.includes('manifest.json')
  if (!isDocker && !names.some((name) => /^(\.\/)?oci-layout$/.test(name)))
    throw unusable(
      archive,
      'an image archive must contain manifest.json (docker save) or oci-layout',
    )
  const { layout, bundle, from, rootless } = pathsOf(directory, archive, isDocker)
  mkdirSync(layout)
  await step('skopeo', '--insecure-policy', 'copy', '--quiet', from, `oci:${layout}:image`)
  await step('umoci', 'unpack', ...rootless, '--image', `${layout}:image`, bundle)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the runtime specification says so
  const { process } = JSON.parse(readFileSync(join(bundle, 'config.json'), 'utf8')) as {
    readonly process: ImageProcess
  }
  const entrypoint = readEntrypoint(layout)
  rmSync(layout, { recursive: true })
  return { root: join(bundle, 'rootfs'), process: { ...process, entrypoint } }
}

function pathsOf(directory: string, archive: string, isDocker: boolean) {
  return {
    layout: join(directory, 'oci'),
    bundle: join(directory, 'image'),
    from: `${isDocker ? 'docker' : 'oci'}-archive:${archive}`,
    rootless: isOwnUserNamespace() ? ['--rootless'] : [],
  }
}

/** The same as shell commands. */
export function unpackCommands(directory: string, archive: string): readonly string[] {
  const { layout, bundle, rootless } = pathsOf(directory, archive, true)
  const from = `"$(tar --list --file ${shellQuote(archive)} | grep -qx manifest.json && echo docker || echo oci)-archive:"${shellQuote(archive)}`
  return [
    `mkdir -p ${shellQuote(layout)}`,
    `skopeo --insecure-policy copy --quiet ${from} oci:${shellQuote(layout)}:image`,
    ['umoci unpack', ...rootless, `--image ${shellQuote(layout)}:image`, shellQuote(bundle)].join(
      ' ',
    ),
  ]
}

/** umoci joins the entrypoint with the default arguments, which a command replaces. */
function readEntrypoint(layout: string): readonly string[] {
  const read = (...path: readonly string[]) =>
    JSON.parse(readFileSync(join(layout, ...path), 'utf8'))
  const blob = (digest: string) => read('blobs', ...digest.split(':'))
  const manifest = blob(String(read('index.json').manifests[0].digest))
  const { config }: { config?: { Entrypoint?: readonly string[] | null } } = blob(
    String(manifest.config.digest),
  )
  return config?.Entrypoint ?? []
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}

function unusable(archive: string, reason: string): NetdojoError {
  return new NetdojoError({
    code: 'image-unusable',
    operation: 'use the image',
    object: quote(archive),
    reason,
    advice: [
      'docker save IMAGE -o image.tar writes such an archive',
      'or skopeo copy docker://IMAGE oci-archive:image.tar',
    ],
  })
}
