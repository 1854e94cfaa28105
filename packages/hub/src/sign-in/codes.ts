import { randomBytes } from 'node:crypto'
import { base32 } from '@better-auth/utils/base32'
import { createOTP } from '@better-auth/utils/otp'
import type { CodesAnswer, ConfirmAnswer } from '@sigillo/api/contracts-sign-in'
import { putAuthUser } from '@sigillo/db/enrolments'
import { lockOneTimeCode, type OneTimeCodeRow, putPending, setOneTimeCode } from '@sigillo/db/one-time-codes'
import { confirmSession } from '@sigillo/db/sessions'
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import {
  note,
  ownId,
  type PersonChange,
  requirePerson,
  requireWholeRole,
  type Running,
  runChange,
} from '../people/person-change.ts'
import { confirmedUntil } from './step-up.ts'

/** RFC 6238 as all authenticator apps know it: HMAC-SHA-1, 160 bits, six digits, thirty seconds. */
const SECRET_BYTES = 20
const STEP_MS = 30_000
/** So many wrong codes in a row, and no code is taken for a while. */
const MOST_FAILURES = 5
const LOCK_MS = 15 * 60_000

/** Draws the secret of one-time codes for the caller. It is good once a code proves that it arrived; until then an older one stays. */
export async function drawCodes(hub: HubContext, change: PersonChange): Promise<CodesAnswer> {
  return await runChange(hub, change, async (running) => {
    const person = await requirePerson(running)
    requireWholeRole(change.by, person)
    const bytes = randomBytes(SECRET_BYTES)
    const secret = base32.encode(bytes, { padding: false })
    const { at } = await note(running, 'admin.action', { change: 'codes-drawn' })
    await putAuthUser(running.tx, person.id, ownId(person.id), at)
    await putPending(running.tx, person.id, await symmetricEncrypt({ key: hub.signIn.key, data: secret }))
    return { secret, uri: createOTP(bytes).url('Sigillo', ownId(person.id)) }
  })
}

/** Takes the drawn secret into use, as a code of it proves that it arrived. The session counts as confirmed. */
export async function enrolCodes(hub: HubContext, change: PersonChange, code: string): Promise<ConfirmAnswer> {
  return await tryCode(hub, change, code, async (running, row) => {
    const person = await requirePerson(running)
    requireWholeRole(change.by, person)
    if (row?.pending == null) throw new HubError('conflict', 'there is no secret to take into use; draw one first')
    return {
      secret: row.pending,
      // Steps of another secret do not count for this one.
      last: 0,
      accept: async (step) => {
        const { at } = await note(running, 'key.enrolled', { key: 'codes', kind: 'one-time-codes' })
        await setOneTimeCode(running.tx, person.id, { ...CLEAR, secret: row.pending, pending: null, last_step: step })
        return at
      },
    }
  })
}

/** Notes, by a one-time code, that the person of a session is there. Each code is good once. */
export async function confirm(hub: HubContext, change: PersonChange, code: string): Promise<ConfirmAnswer> {
  return await tryCode(hub, change, code, async (running, row) => {
    if (row?.secret == null) throw new HubError('conflict', 'there are no one-time codes; sign in again instead')
    return {
      secret: row.secret,
      last: row.last_step,
      accept: async (step) => {
        const { at } = await note(running, 'admin.action', { change: 'confirm' })
        await setOneTimeCode(running.tx, row.person_id, { ...CLEAR, last_step: step })
        return at
      },
    }
  })
}

const CLEAR = { failures: 0, locked_until: null } as const

/** What a code is tried against, and what a right one does. */
interface Trial {
  readonly secret: string
  readonly last: number
  accept(step: number): Promise<Date>
}

/** Wrong codes are counted and logged even though they are refused, so the batch goes through and the refusal comes after it. */
async function tryCode(
  hub: HubContext,
  change: PersonChange,
  code: string,
  trialOf: (running: Running, row: OneTimeCodeRow | null) => Promise<Trial>,
): Promise<ConfirmAnswer> {
  const outcome = await runChange(hub, change, async (running) => {
    const { id: person } = await requirePerson(running)
    const row = await lockOneTimeCode(running.tx, person)
    const [trial, now] = [await trialOf(running, row), hub.clock()]
    if (row?.locked_until != null && row.locked_until > now)
      throw new HubError('too-many-requests', 'too many wrong codes; wait a quarter of an hour')
    const step = await stepOf(hub.signIn.key, trial, code, now)
    if (step === null) {
      await countFailure(running, person, row?.failures ?? 0, now)
      return null
    }
    const at = await trial.accept(step)
    const { session } = change.by
    if (session !== null) await confirmSession(running.tx, session.id, at)
    return { confirmedUntil: session === null ? null : confirmedUntil(at).toISOString() }
  })
  if (outcome === null) throw new HubError('wrong-code', 'this code is not right, or was used already; try the next')
  return outcome
}

async function countFailure(running: Running, person: string, before: number, now: Date): Promise<void> {
  const failures = before + 1
  await note(running, 'access.denied', { action: 'session.change-self', status: 403, failures })
  const isLocked = failures % MOST_FAILURES === 0
  const locked = isLocked ? new Date(now.getTime() + LOCK_MS) : null
  await setOneTimeCode(running.tx, person, { failures, locked_until: locked })
}

/** The step of which this is the code: the current one or a neighbour, and later than the last that was taken; null when of none. */
async function stepOf(key: string, { secret, last }: Trial, code: string, now: Date): Promise<number | null> {
  const otp = createOTP(base32.decode(await symmetricDecrypt({ key, data: secret })))
  const current = Math.floor(now.getTime() / STEP_MS)
  let found: number | null = null
  for (const step of [current - 1, current, current + 1])
    if ((await otp.hotp(step)) === code && step > last) found ??= step
  return found
}
