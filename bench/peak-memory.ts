import { readFileSync } from 'node:fs'

/**
 * The most memory that a process has held, in MiB. `resourceUsage().maxRSS` will not do for a child: until it runs its own program it shares its parent's
 * memory, and Linux counts that too.
 */
export function peakMemoryMib(pid: number | 'self' = 'self'): number {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]
  return Math.round(Number(kib) / 1024)
}
