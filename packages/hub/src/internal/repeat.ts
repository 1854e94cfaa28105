/** Something that is done again and again. */
export interface Repetition {
  /** Stops; resolves when nothing runs any more. */
  close(): Promise<void>
}

/**
 * Does `work` at once and then again after as many milliseconds as it says, until closed. When it throws, `failed` hears of it, the first
 * time in a row, and it is tried again after `pauseMs`.
 */
export function repeat(
  work: () => Promise<number>,
  options: { readonly pauseMs: number; readonly failed: (error: unknown) => void },
): Repetition {
  const stop = new AbortController()
  const { signal } = stop
  const loop = async (): Promise<void> => {
    let failing = false
    while (!signal.aborted) {
      let wait = options.pauseMs
      try {
        wait = await work()
        failing = false
      } catch (error) {
        if (!failing && !signal.aborted) options.failed(error)
        failing = true
      }
      await pause(wait, signal)
    }
  }
  const running = loop()
  return {
    close: async () => {
      stop.abort()
      await running
    },
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
