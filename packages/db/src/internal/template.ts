import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import { PGlite } from '@electric-sql/pglite'

const DIGEST_BYTES = 32
/** An empty cluster is about 30 MB; anything far above is not ours. */
const MOST_BYTES = 256 * 1024 * 1024

/**
 * A fresh cluster as a tar. It is taken from a running engine, so whoever starts on it goes through crash recovery, which
 * syncs the whole folder: that is what makes a new data folder durable.
 */
export async function buildTemplate(): Promise<Uint8Array<ArrayBuffer>> {
  // 1 MiB segments: a new folder then holds 1 MB of log instead of 16.
  const scratch = await PGlite.create({ initDbStartParams: ['--wal-segsize=1'] })
  try {
    return new Uint8Array(await (await scratch.dumpDataDir('none')).arrayBuffer())
  } finally {
    await scratch.close()
  }
}

/** The cached tar, or null when there is none, it is damaged, or somebody else could have written it. */
export async function readTemplate(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const { uid, mode } = await stat(path)
    if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return null
    const file = await readFile(path)
    const packed = file.subarray(DIGEST_BYTES)
    if (!createHash('sha256').update(packed).digest().equals(file.subarray(0, DIGEST_BYTES))) return null
    return new Uint8Array(await promisify(zstdDecompress)(packed, { maxOutputLength: MOST_BYTES }))
  } catch {
    return null
  }
}

/** Puts the tar into the cache: a digest, then zstd. A cache that cannot be written is no error, only a slower next start. */
export async function storeTemplate(path: string, tar: Uint8Array): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    const packed = await promisify(zstdCompress)(tar)
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.write(createHash('sha256').update(packed).digest())
      await file.write(packed)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch {
    await rm(draft, { force: true }).catch(() => undefined)
  }
}
