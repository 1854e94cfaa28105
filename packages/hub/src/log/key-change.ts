import { SealError } from '@sigillo/seal/errors'
import { readIntroduction } from '@sigillo/seal/key-introduction'
import { utf8 } from '@sigillo/tlog/encoding'
import { HubError } from '../errors.ts'
import type { EventDraft } from './event-batch.ts'

const ENROLLED = ['follows', 'introduction', 'key', 'kind']
const REVOKED = ['followedBy', 'key', 'kind']

/**
 * Refuses an event about a key that does not say exactly which key of the log, of a witness or of the vendor's releases follows which; a new
 * one must be introduced by the old one. Keys of partners are enrolled by a route of their own. Throws {@link HubError} `bad-request`.
 */
export function requireKeyChange({ type, stream, data }: EventDraft): void {
  if (type !== 'key.enrolled' && type !== 'key.revoked') return
  const names = type === 'key.enrolled' ? ENROLLED : REVOKED
  if (stream !== 'admin' || Object.keys(data).sort().join() !== names.join())
    throw new HubError('bad-request', `${type} is an event of the stream admin with ${names.join(', ')}`)
  if (type === 'key.revoked') return
  requireIntroduced(data)
}

function requireIntroduced({ kind, key, follows, introduction }: EventDraft['data']): void {
  try {
    const read = readIntroduction(utf8(typeof introduction === 'string' ? introduction : ''))
    if (read.kind === kind && read.newKey === key && read.oldKey === follows) return
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new HubError('bad-request', error.message, { cause: error })
  }
  throw new HubError('bad-request', 'the introduction is of other keys than the event')
}
