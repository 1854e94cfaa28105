import { execFileSync } from 'node:child_process'
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** A file system of fixed size in memory, which can be full. */
export interface SmallDisk {
  /** Where it is mounted. */
  readonly path: string
  /** Takes all that is left of it. */
  fill(): void
  /** Gives back what `fill` took. */
  makeRoom(): void
  remove(): void
}

/** What such a disk needs and this machine lacks, or null. */
export function lacksSmallDisk(): string | null {
  if (process.getuid?.() !== 0) return 'mounting needs root'
  try {
    makeSmallDisk(1).remove()
    return null
  } catch {
    return 'the system does not let us mount a tmpfs'
  }
}

/** Makes and mounts a disk of `megabytes`. Throws when the system does not allow it. */
export function makeSmallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync('/tmp/small-disk-')
  const path = join(folder, 'mount')
  // A database server runs as another user, who must get through.
  chmodSync(folder, 0o711)
  mkdirSync(path)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${String(megabytes)}m`, 'tmpfs', path], { stdio: 'pipe' })
  } catch (error) {
    rmSync(folder, { recursive: true })
    throw error
  }
  const ballast = join(path, 'ballast')
  return {
    path,
    fill: () => writeUntilFull(ballast),
    makeRoom: () => rmSync(ballast, { force: true }),
    remove: () => {
      execFileSync('umount', ['--lazy', path], { stdio: 'pipe' })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function writeUntilFull(file: string): void {
  const descriptor = openSync(file, 'a')
  try {
    for (const piece of [new Uint8Array(1 << 20), new Uint8Array(1 << 12)]) {
      while (hasRoomFor(descriptor, piece));
    }
  } finally {
    closeSync(descriptor)
  }
}

function hasRoomFor(descriptor: number, piece: Uint8Array): boolean {
  try {
    return writeSync(descriptor, piece) === piece.length
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false
    throw error
  }
}
