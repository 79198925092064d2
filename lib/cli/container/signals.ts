// Signals to the command, while a container runs on its terminal: they are the container's.

const impatient = 3

/** The terminal itself gives Ctrl-C to the container as well; a program that does not listen is ended at the third. */
export function passSignals(send: (signal: NodeJS.Signals) => Promise<void>): Disposable {
  let interrupts = 0
  const interrupted = () => {
    interrupts++
    if (interrupts >= impatient) void send('SIGKILL')
  }
  const terminated = () => void send('SIGTERM')
  const hungUp = () => void send('SIGHUP')
  process.on('SIGINT', interrupted).on('SIGTERM', terminated).on('SIGHUP', hungUp)
  return {
    [Symbol.dispose]: () => {
      process.off('SIGINT', interrupted).off('SIGTERM', terminated).off('SIGHUP', hungUp)
    },
  }
}
