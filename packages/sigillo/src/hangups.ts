/** SIGHUP, by which an operator asks a running process to read its keys again. */
export interface Hangups {
  /** Runs `again`, which must not throw, for every signal, one after the other; at once for those that came before. */
  each(again: () => Promise<void>): void
  /** Hears no more of them. */
  end(): void
}

/** Listens from now on, so that the signal does not end a process that is still starting. */
export function hearHangups(): Hangups {
  let waiting = false
  let running = false
  let answer: (() => Promise<void>) | null = null
  const run = async (): Promise<void> => {
    if (running || answer === null) return
    running = true
    while (waiting) {
      waiting = false
      await answer()
    }
    running = false
  }
  const heard = (): void => {
    waiting = true
    void run()
  }
  process.on('SIGHUP', heard)
  return {
    each: (again) => {
      answer = again
      void run()
    },
    end: () => void process.off('SIGHUP', heard),
  }
}
