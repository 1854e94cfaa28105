import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** A socket in a folder that is open as long as the process that holds the folder lives. */
export interface LockDoor {
  /** False where it could not be opened: the path is too long, or the file system has no sockets. */
  readonly isOpen: boolean
  close(): void
}

/** Opens the door of the lock with this nonce. Never throws; keeps no process alive. */
export function openDoor(folder: string, nonce: string): LockDoor {
  const path = doorPath(folder, nonce)
  const server = createServer((socket) => socket.destroy())
  // Whether it listens is known at once, see below; the event comes too late to be of use.
  server.on('error', () => undefined)
  server.listen(path).unref()
  return {
    isOpen: server.listening,
    close: () => {
      server.close()
      removeDoor(folder, nonce)
    },
  }
}

/** Removes what is left of the door of a process that died. */
export function removeDoor(folder: string, nonce: string): void {
  rmSync(doorPath(folder, nonce), { force: true })
}

/**
 * Whether nobody stands behind the door: the kernel itself refuses the connection. All else (no right to ask, no such file) says nothing, and
 * gives false. Asks in a process of its own, as the caller must not wait for a turn of its event loop.
 */
export function isDeserted(folder: string, nonce: string): boolean {
  const ask = `require('node:net').connect(process.argv[1]).on('connect', () => process.exit(0)).on('error', (e) => process.stdout.write(e.code))`
  try {
    const said = execFileSync(process.execPath, ['-e', ask, doorPath(folder, nonce)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 30_000,
    })
    return said === 'ECONNREFUSED'
  } catch {
    return false
  }
}

function doorPath(folder: string, nonce: string): string {
  return join(folder, `lock.${nonce}.socket`)
}
