import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** An ext4 file system in a file, whose power can be cut: what was not synced is then really gone. */
export interface LoopDisk {
  /** Where it is mounted. */
  readonly path: string
  /** Stops all writing at once, as a power failure does; the journal is not flushed. */
  cutPower(): void
  /** Unmounts the dead file system and mounts it again, which replays its journal. */
  powerUp(): void
  remove(): void
}

/** What such a disk needs and this machine lacks, or null. */
export function lacksLoopDisk(): string | null {
  if (process.getuid?.() !== 0) return 'mounting needs root'
  if (!existsSync('/dev/loop-control')) return 'no loop devices'
  const missing = ['/usr/sbin/mkfs.ext4', '/usr/sbin/xfs_io', '/usr/sbin/losetup'].filter((path) => !existsSync(path))
  if (missing.length > 0) return `${missing.join(', ')} missing (apt install e2fsprogs xfsprogs mount)`
  return canMount() ? null : 'the system does not let us mount a loop device'
}

/** Makes and mounts a disk of `megabytes`. Throws when the system does not allow it. */
export function makeLoopDisk(megabytes: number): LoopDisk {
  const folder = mkdtempSync('/tmp/sigillo-disk-')
  const image = join(folder, 'image')
  const path = join(folder, 'mount')
  // The server runs as another user, who must get through.
  chmodSync(folder, 0o711)
  mkdirSync(path)
  run('truncate', ['-s', `${String(megabytes)}M`, image])
  run('mkfs.ext4', ['-q', '-F', image])
  const mount = (): void => run('mount', ['-o', 'loop', image, path])
  mount()
  return {
    path,
    cutPower: () => run('xfs_io', ['-x', '-c', 'shutdown', path]),
    powerUp: () => {
      unmount(path)
      mount()
    },
    remove: () => {
      unmount(path)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function canMount(): boolean {
  try {
    makeLoopDisk(16).remove()
    return true
  } catch {
    return false
  }
}

/** A process that was just killed may hold the mount for a moment. */
function unmount(path: string): void {
  for (let attempt = 0; ; attempt++) {
    try {
      return run('umount', [path])
    } catch (error) {
      if (attempt >= 50) throw error
      run('sleep', ['0.1'])
    }
  }
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
