/**
 * Lets SIGINT and SIGTERM end this process while no command listens for them, if it is process 1, as in a container.
 * For process 1 the kernel drops signals that have no handler: a hub told to stop while it starts would go on until it is killed.
 */
export function endLikeOtherProcesses(): void {
  if (process.pid !== 1) return
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(status)
    })
  }
}
