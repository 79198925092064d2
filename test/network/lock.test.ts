// The lock of a state directory: one holder among processes, fair and idle waiting, a limit that names the holder, and no trust in others' files.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { fileLock } from '../../lib/network/lock.ts'
import { rejects } from '../helpers/expect.ts'
import { suite } from '../helpers/suite.ts'
import { newDirectory } from '../helpers/directory.ts'

const program = join(import.meta.dirname, 'lock.process.ts')

suite('lock', (test) => {
  const inDirectory = (title: string, body: (directory: string) => Promise<void>) =>
    test(title, async () => {
      const directory = newDirectory()
      try {
        await body(directory)
      } finally {
        rmSync(directory, { recursive: true })
      }
    })

  inDirectory('one holder at a time, and the file is its owner’s', async (directory) => {
    let holders = 0
    let most = 0
    const locks = [fileLock(directory), fileLock(directory), fileLock(directory)]
    await Promise.all(
      locks.map((lock) =>
        lock.hold(async () => {
          most = Math.max(most, ++holders)
          await sleep(20)
          holders -= 1
        }),
      ),
    )
    assert.is(most, 1)
    assert.is(statSync(join(directory, 'lock')).mode & 0o777, 0o600)
  })

  inDirectory('waiters come in the order in which they asked', async (directory) => {
    const holding = fileLock(directory)
    const order: number[] = []
    const waiting: Promise<void>[] = []
    await holding.hold(async () => {
      for (const place of [0, 1, 2, 3, 4]) {
        // Each has a lock object of its own, as another process would.
        const lock = fileLock(directory)
        waiting.push(lock.hold(async () => void order.push(place)))
        await eventually(() => waitersOf(join(directory, 'lock')) === place + 1)
      }
    })
    await Promise.all(waiting)
    assert.equal(order, [0, 1, 2, 3, 4])
  })

  inDirectory('waiting takes no processor time', async (directory) => {
    let waiting: Promise<void> | undefined
    let used: NodeJS.CpuUsage | undefined
    await fileLock(directory).hold(async () => {
      waiting = fileLock(directory).hold(nothing)
      await eventually(() => waitersOf(join(directory, 'lock')) === 1)
      const before = process.cpuUsage()
      await sleep(1000)
      used = process.cpuUsage(before)
    })
    await waiting
    const { user = 0, system = 0 } = used ?? {}
    assert.ok(user + system < 100_000, `${user + system} µs in a second`)
  })

  inDirectory('a holder that is killed frees it at once', async (directory) => {
    const holder = spawn(process.execPath, [program, directory])
    await once(createInterface(holder.stdout), 'line')
    holder.kill('SIGKILL')
    let held = false
    await fileLock(directory, 10).hold(async () => void (held = true))
    assert.ok(held)
  })

  inDirectory('who waits too long is told who holds it', async (directory) => {
    const holder = spawn(process.execPath, [program, directory])
    await once(createInterface(holder.stdout), 'line')
    const error = await rejects('state-busy', fileLock(directory, 1).hold(nothing))
    assert.match(error.message, `process ${holder.pid} (${process.execPath} ${program}`)
    assert.match(error.message, 'has held the lock for more than 1 s')
    const waiting = fileLock(directory).hold(nothing, AbortSignal.timeout(100))
    await rejects('aborted', waiting)
    holder.kill('SIGKILL')
  })

  inDirectory('a directory that others could change is refused', async (directory) => {
    const refused = async (path: string, reason: string, advice: string) => {
      const error = await rejects('state-unsafe', fileLock(path).hold(nothing))
      assert.is(error.reason, reason)
      assert.is(error.advice[0], advice)
    }
    const open = join(directory, 'open')
    mkdirSync(open)
    chmodSync(open, 0o777)
    await refused(
      open,
      'only its owner must be able to write to it, but its mode is 777',
      `if you trust what is in it: chmod go-w ${open}`,
    )
    const own = join(directory, 'own')
    const link = join(directory, 'link')
    mkdirSync(own)
    symlinkSync(own, link)
    await refused(link, 'the state directory must not be a symbolic link', `use ${own} itself`)
    symlinkSync('/etc/passwd', join(own, 'lock'))
    await refused(own, 'the state file must not be a symbolic link', 'use /etc/passwd itself')
    // The machine's root directory belongs to another user, except where the test itself is root.
    if (process.geteuid?.() !== 0 && statSync('/').uid === 0)
      await refused(
        '/',
        `it must belong to user ${process.geteuid?.()}, not to user 0`,
        `if you trust what is in it: chown ${process.geteuid?.()} /`,
      )
  })
})

/** Requests that the kernel keeps waiting: lines with an arrow in /proc/locks, which end with the inode and the range. */
function waitersOf(file: string): number {
  const { ino } = statSync(file)
  return readFileSync('/proc/locks', 'utf8')
    .split('\n')
    .filter((line) => line.includes('->') && line.includes(`:${ino} `)).length
}

async function nothing(): Promise<void> {}

async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5)
}
