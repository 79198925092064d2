// Runs a program on a terminal of its own (script(1) of util-linux), and types each answer when its prompt has appeared.
import { spawn } from 'node:child_process'

export type Dialogue = readonly (readonly [prompt: RegExp, keys: string])[]

const secondsToWait = 60

/** @returns everything that the terminal showed, and the exit code. */
export function inTerminal(
  command: string,
  dialogue: Dialogue = [],
): Promise<{ screen: string; exitCode: number | null }> {
  return new Promise((resolve, reject) => {
    const terminal = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const answers = [...dialogue]
    let screen = ''
    let unanswered = ''
    const timer = setTimeout(() => {
      terminal.kill('SIGKILL')
      reject(
        new Error(
          `no ${String(answers[0]?.[0] ?? 'end')} within ${secondsToWait} s; the terminal shows:\n${screen}`,
        ),
      )
    }, secondsToWait * 1000)
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      screen += text
      unanswered += text
      const [next] = answers
      if (!next?.[0].test(unanswered)) return
      answers.shift()
      unanswered = ''
      terminal.stdin.write(next[1])
    })
    terminal.once('close', (exitCode) => {
      clearTimeout(timer)
      resolve({ screen, exitCode })
    })
  })
}
