import { generateNoteKey, noteSigner } from '@sigillo/seal/ed25519'
import { formatSubmission } from '@sigillo/tlog/add-checkpoint'
import { utf8 } from '@sigillo/tlog/encoding'
import { createMemoryLog, type MemoryLog } from '@sigillo/tlog/memory-log'

/** The log of the tests; its operator signs whatever it likes. */
export const ORIGIN = 'log.example/early'
export const logKey = generateNoteKey(ORIGIN)

/** A log that shares its first `shared` leaves with every other one, and no leaf after them with a log of another name. */
export function history(name: string, shared: number, size: number): MemoryLog {
  const log = createMemoryLog(noteSigner(logKey.secret))
  log.append(Array.from({ length: size }, (_, index) => utf8(index < shared ? `shared ${index}` : `${name} ${index}`)))
  return log
}

/** What an honest client of `log` sends to a witness that cosigned `oldSize` leaves of it. */
export async function submission(log: MemoryLog, oldSize: number): Promise<Uint8Array> {
  const proof = oldSize === 0 || oldSize >= log.size() ? [] : await log.consistency(oldSize)
  return formatSubmission({ oldSize, proof, checkpoint: await log.checkpoint() })
}

/** An answer of a witness. */
export interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
}

/** Sends the body of an `add-checkpoint` request. */
export async function post(url: string, body: Uint8Array | string): Promise<Answer> {
  const response = await fetch(`${url}/add-checkpoint`, {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
  })
  return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() }
}
