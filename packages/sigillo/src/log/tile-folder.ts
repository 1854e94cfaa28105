import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogReader } from '@sigillo/tlog/fsck'
import { CommandError } from '../errors.ts'

/** A folder that holds a log as files: `checkpoint` and `tile/…`, by the paths of c2sp.org/tlog-tiles. @throws CommandError `no-log` */
export async function openTileFolder(folder: string): Promise<LogReader & { readonly list: () => Promise<string[]> }> {
  const isFile = await stat(join(folder, 'checkpoint')).then(
    (info) => info.isFile(),
    () => false,
  )
  if (!isFile)
    throw new CommandError('no-log', `${folder} holds no log: there is no file ${join(folder, 'checkpoint')}`)
  return {
    checkpoint: () => readFile(join(folder, 'checkpoint')),
    tile: (path) => readIfThere(join(folder, path)),
    list: () => filesUnder(folder, 'tile'),
  }
}

async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path)
  } catch (error) {
    // A folder or a file in the way of a path is as good as no file.
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return null
    throw error
  }
}

/** Paths below `folder`, with `/`, of everything under `start` that is no folder. */
async function filesUnder(folder: string, start: string): Promise<string[]> {
  const entries = await readdir(join(folder, start), { withFileTypes: true }).catch(() => [])
  const nested = entries.map(async (entry) => {
    const path = `${start}/${entry.name}`
    return entry.isDirectory() ? await filesUnder(folder, path) : [path]
  })
  return (await Promise.all(nested)).flat()
}
