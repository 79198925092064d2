// Reads standard input a line at a time, and takes no more of it: what follows is for the shell that comes next.

/** @returns a function that gives null when there are no more. */
export function lineReader(): () => Promise<string | null> {
  const { stdin } = process
  let ahead = ''
  return async () => {
    while (!ahead.includes('\n')) {
      const text = await next(stdin)
      if (text === null) {
        const last = ahead
        ahead = ''
        return last === '' ? null : last
      }
      ahead += text
    }
    const end = ahead.indexOf('\n')
    const line = ahead.slice(0, end)
    ahead = ahead.slice(end + 1)
    return line
  }
}

function next(stdin: NodeJS.ReadStream): Promise<string | null> {
  return new Promise((resolve) => {
    const settle = (text: string | null) => {
      stdin.pause().off('data', onData).off('end', onEnd)
      resolve(text)
    }
    const onData = (text: string | Buffer) => settle(String(text))
    const onEnd = () => settle(null)
    if (stdin.readableEnded) return resolve(null)
    stdin.once('data', onData).once('end', onEnd).resume()
  })
}
