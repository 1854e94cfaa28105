import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DeskError } from '@sigillo/desk/errors'
import { type Input, INPUT_LIMITS } from './sample.ts'
import { unpack } from './unpack.ts'

/**
 * Files, folders (walked, links inside left out) and archives that a user named.
 * @throws DeskError `missing-file` for a path that does not exist
 */
export async function* readPaths(paths: readonly string[]): AsyncGenerator<Input> {
  for (const path of paths) {
    const info = await stat(path).catch(() => null)
    if (info === null) throw new DeskError('missing-file', `the sample: there is no file or folder ${path}`)
    if (info.isDirectory()) yield* readFolder(path)
    else yield* readOne(path)
  }
}

async function* readFolder(folder: string): AsyncGenerator<Input> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => null)
  if (entries === null) {
    yield { id: folder, refused: 'the folder cannot be read' }
    return
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* readFolder(path)
    else if (entry.isFile()) yield* readOne(path)
  }
}

/** One file, or the members of one archive. Devices, pipes and what cannot be read are refused. */
export async function* readOne(path: string): AsyncGenerator<Input> {
  const info = await stat(path).catch(() => null)
  if (info === null || !info.isFile()) {
    yield { id: path, refused: 'it is not a file' }
    return
  }
  if (info.size > INPUT_LIMITS.fileBytes) {
    yield { id: path, refused: `it is larger than ${INPUT_LIMITS.fileBytes >> 20} MiB` }
    return
  }
  const bytes = await readFile(path).catch(() => null)
  if (bytes === null) {
    yield { id: path, refused: 'it cannot be read' }
    return
  }
  for await (const input of unpack(path, bytes)) {
    yield 'bytes' in input && input.id === path ? { ...input, path } : input
  }
}
