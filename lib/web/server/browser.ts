// Opens the page in the user's browser. The token never stands on a command line, which other users can read: the browser opens a file
// that only this user may read, and which leads to the page.
import { mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnDaemon } from '../../exec/daemon.ts'
import { isInstalled } from '../../exec/search-path.ts'
import { dataDirectory } from '../../user-file.ts'

/** @returns a function that removes the file. */
export function openBrowser(address: string, port: number): () => void {
  const program = browserProgram()
  if (program === undefined) return () => {}
  const directory = dataDirectory()
  const file = join(directory, `page-${port}.html`)
  const remove = () => rmSync(file, { force: true })
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    remove()
    const page = `<!doctype html><meta charset="utf-8"><title>netdojo</title><meta http-equiv="refresh" content="0;url=${address}">\n`
    writeFileSync(file, page, { mode: 0o600, flag: 'wx' })
    const [name = '', ...args] = program
    const started = spawnDaemon(name, [...args, file], {
      input: 'none',
      output: openSync('/dev/null', 'w'),
      detached: true,
    })
    // The address is printed, too: a browser that does not start is no error.
    started.started.catch(remove)
    started.unref()
  } catch {
    remove()
  }
  return remove
}

/** Undefined where no window can open: over ssh, in a container. */
function browserProgram(): readonly string[] | undefined {
  const { BROWSER, DISPLAY, WAYLAND_DISPLAY } = process.env
  if (BROWSER) return [BROWSER.split(':')[0] ?? BROWSER]
  if (process.platform === 'darwin') return ['open']
  if (!DISPLAY && !WAYLAND_DISPLAY) return undefined
  return isInstalled('xdg-open') ? ['xdg-open'] : undefined
}
