import { closeSync, fsyncSync, openSync } from 'node:fs'
import { NodeFS } from '@electric-sql/pglite/nodefs'
import { reasonOf } from './reason.ts'

/** The part of Emscripten's NODEFS that is used here: an open file, and the table of operations on it. */
interface OpenFile {
  readonly nfd?: number
  readonly node: unknown
}
interface NodeFsModule {
  readonly FS: {
    readonly filesystems: {
      readonly NODEFS: {
        readonly stream_ops: {
          fsync?: (file: OpenFile) => number
          write: (file: OpenFile, ...rest: readonly unknown[]) => number
        }
        realPath(node: unknown): string
      }
    }
  }
}

/**
 * PGlite's folder file system, with a `fsync` that reaches the disk. PGlite ships with `-F` (no fsync at all) because
 * Emscripten's NODEFS has no such operation; with it in place PostgreSQL's own order holds again: WAL before the answer to a
 * commit, data files before a checkpoint's control record. Needs `wal_sync_method=fsync`, since `fdatasync` stays a stub.
 *
 * A write to the WAL or a sync that fails must end the engine, as PostgreSQL's PANIC does: after it nothing may be answered.
 * `onDiskFailure` is called for that and must not return to the caller's caller (end the thread).
 */
export class DurableNodeFS extends NodeFS {
  readonly #onDiskFailure: (error: Error) => never

  constructor(dataDir: string, onDiskFailure: (error: Error) => never) {
    super(dataDir)
    this.#onDiskFailure = onDiskFailure
  }

  override async init(
    pg: Parameters<NodeFS['init']>[0],
    options: Parameters<NodeFS['init']>[1],
  ): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pg, options)
    const addSync = (module: NodeFsModule): void => this.#addSync(module)
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), addSync] } }
  }

  #addSync(module: NodeFsModule): void {
    const nodeFs = module.FS.filesystems.NODEFS
    const operations = nodeFs.stream_ops
    const write = operations.write
    operations.fsync = (file) => {
      try {
        if (file.nfd === undefined) syncPath(nodeFs.realPath(file.node))
        else fsyncSync(file.nfd)
      } catch (error) {
        this.#onDiskFailure(new Error(`cannot sync: ${reasonOf(error)}`, { cause: error }))
      }
      return 0
    }
    operations.write = (file, ...rest) => {
      try {
        return write(file, ...rest)
      } catch (error) {
        const path = nodeFs.realPath(file.node)
        if (path.includes('/pg_wal/')) this.#onDiskFailure(new Error(`cannot write ${path}`, { cause: error }))
        throw error
      }
    }
  }
}

function syncPath(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
