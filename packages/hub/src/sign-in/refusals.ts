import { findPasskey } from '@sigillo/db/enrolments'
import { streamOf, type HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import { BY_CLOCK } from '../lift/lift-change.ts'
import { ownId } from '../people/person-change.ts'

/** Throws {@link HubError} `unauthorized` in the words of every refused sign-in. */
export function requireAnswer(isGood: boolean): asserts isGood {
  if (!isGood)
    throw new HubError('unauthorized', 'the passkey was refused; try again, or ask an administrator for a new link')
}

/**
 * Tells of a refused sign-in in the log: of one in a minute for each person whose passkey was named, and of one in a minute for all passkeys
 * that the hub does not know.
 */
export async function noteRefusal(hub: HubContext, credentialId: string | null): Promise<void> {
  const key = credentialId === null ? null : await findPasskey(hub.engine.db, credentialId)
  const before = hub.signIn.told.next(key?.user_id ?? '')
  if (before === null) return
  const recipient = /^partner\/([^/]+)\//.exec(key?.user_id ?? '')?.[1]
  await hub.sequencer.append([
    {
      type: 'access.denied',
      stream: recipient === undefined ? 'admin' : streamOf(recipient),
      subject: key === null ? 'sign-in' : ownId(key.user_id),
      actor: BY_CLOCK,
      data: { action: 'session.begin', status: 401, before },
    },
  ])
}
