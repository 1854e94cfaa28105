import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DeskError } from '@sigillo/desk/errors'
import { readOne } from './read-paths.ts'
import type { Input } from './sample.ts'

/** How often the folder is looked at. */
const INTERVAL_MS = 1000

/**
 * Files that lie in a folder or are put there later, each once and again when it changes. A file is read when two looks in a row find it
 * the same, so that one still being copied is waited for.
 * @throws DeskError `missing-file` when there is no such folder
 */
export async function* watchFolder(
  folder: string,
  signal: AbortSignal,
  intervalMs: number = INTERVAL_MS,
): AsyncGenerator<Input> {
  const info = await lstat(folder).catch(() => null)
  if (info === null || !info.isDirectory()) throw new DeskError('missing-file', `--watch: there is no folder ${folder}`)
  const done = new Map<string, string>()
  let before = new Map<string, string>()
  while (!signal.aborted) {
    const now = await stateOf(folder)
    for (const path of done.keys()) if (!now.has(path)) done.delete(path)
    for (const [path, state] of now) {
      if (signal.aborted) return
      if (state === before.get(path) && state !== done.get(path)) {
        done.set(path, state)
        yield* readOne(path)
      }
    }
    before = now
    await sleep(intervalMs, undefined, { signal }).catch(() => undefined)
  }
}

/** Size and time of every regular file below the folder. */
async function stateOf(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const states = new Map<string, string>()
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const info = await lstat(path).catch(() => null)
    if (info !== null) states.set(path, `${info.size} ${info.mtimeMs} ${info.ino}`)
  }
  return states
}
