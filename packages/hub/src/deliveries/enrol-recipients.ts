import type { EnrolAnswer, EnrolRequest } from '@sigillo/api/contracts'
import { enrolWish } from '@sigillo/api/wishes'
import { findRecipients, insertRecipients, type Recipient, replaceRecipient } from '@sigillo/db/recipients'
import type { Tx } from '@sigillo/db/schema'
import { insertTokens, tokenOwners, tokensOf } from '@sigillo/db/tokens'
import { noteVerifier } from '@sigillo/seal/ed25519'
import { recipientKind } from '@sigillo/seal/identity'
import { fromHex, toHex } from '@sigillo/tlog/encoding'
import { type HubContext, streamOf, VENDOR } from '../context.ts'
import { HubError } from '../errors.ts'
import type { EventDraft } from '../log/event-batch.ts'
import { actorOf, type Principal } from '../people/principal.ts'
import { type Approval, requireApproval } from '../people/require-approval.ts'
import type { LogEvents } from '../log/sequencer.ts'

type Entry = EnrolRequest['recipients'][number]
type Enrolled = EnrolAnswer['recipients'][number]

/**
 * Enrols recipients with their keys, all or none; each new one is a `key.enrolled` event. One that is enrolled exactly so already
 * is left alone; one that differs is a `conflict`: a key is never replaced silently. One whose keys were revoked is enrolled anew with others; the
 * old ones are never taken again.
 */
export async function enrolRecipients(
  hub: HubContext,
  by: Principal,
  entries: readonly Entry[],
): Promise<readonly Enrolled[]> {
  requireUnique(
    entries.map((entry) => entry.id),
    'recipient',
  )
  requireUnique(
    entries.map((entry) => entry.tokenHash),
    'token hash',
  )
  for (const entry of entries) {
    if (entry.id === VENDOR.id)
      throw new HubError('bad-request', `a recipient cannot be called ${entry.id}: that is the vendor itself`)
    recipientKind(entry.ageRecipient)
    noteVerifier(entry.receiptKey)
  }
  const { value } = await hub.sequencer.run((tx, log) => enrol(tx, log, { by, entries, now: hub.clock() }))
  return value
}

interface Request {
  readonly by: Principal
  readonly entries: readonly Entry[]
  readonly now: Date
}

async function enrol(tx: Tx, log: LogEvents, { by, entries, now }: Request): Promise<readonly Enrolled[]> {
  const ids = entries.map((entry) => entry.id)
  const known = new Map((await findRecipients(tx, ids)).map((row) => [row.id, row]))
  const tokens = new Map((await tokensOf(tx, ids)).map((row) => [row.recipient_id, toHex(row.hash)]))
  const isFresh = ({ id }: Entry): boolean => (known.get(id)?.revoked_index ?? null) !== null || !known.has(id)
  for (const entry of entries) {
    const row = known.get(entry.id)
    if (isFresh(entry)) requireOtherKeys(entry, row)
    else requireSame(entry, row, tokens.get(entry.id))
  }
  const fresh = entries.filter(isFresh)
  const taken = await tokenOwners(
    tx,
    fresh.map((entry) => fromHex(entry.tokenHash)),
  )
  if (taken.length > 0)
    throw new HubError(
      'conflict',
      'a token hash in this batch is in use already; every recipient needs a token of its own',
    )
  const drafts: EventDraft[] = []
  for (const entry of fresh) drafts.push(draftOf(entry, by, await requireApproval(tx, by, enrolWish(entry), now)))
  const logged = await log(drafts)
  const rows = fresh.flatMap((entry, i) => {
    const place = logged[i]
    return place === undefined ? [] : [rowOf(entry, place.index, place.at)]
  })
  await insertRecipients(
    tx,
    rows.filter((row) => !known.has(row.id)),
  )
  for (const row of rows) if (known.has(row.id)) await replaceRecipient(tx, row)
  await insertTokens(
    tx,
    fresh.flatMap((entry, i) => {
      const at = logged[i]?.at
      if (at === undefined) return []
      return [
        { hash: fromHex(entry.tokenHash), role: 'partner', recipient_id: entry.id, created_at: at, revoked_at: null },
      ]
    }),
  )
  const indices = new Map([...known.values(), ...rows].map((row) => [row.id, row.enrolled_index]))
  return entries.map(({ id }) => ({
    id,
    index: indices.get(id) ?? 0,
    state: fresh.some((each) => each.id === id) ? 'enrolled' : 'unchanged',
  }))
}

function draftOf(entry: Entry, by: Principal, approval: Approval): EventDraft {
  const { id, kind, ageRecipient, receiptKey } = entry
  return {
    type: 'key.enrolled',
    stream: streamOf(id),
    subject: id,
    actor: actorOf(by),
    data: { recipient: id, kind, ageRecipient, receiptKey, ...approval },
  }
}

function rowOf(entry: Entry, index: number, at: Date): Recipient {
  return {
    id: entry.id,
    name: entry.name,
    kind: entry.kind,
    age_recipient: entry.ageRecipient,
    receipt_vkey: entry.receiptKey,
    enrolled_index: index,
    enrolled_at: at,
    revoked_index: null,
  }
}

function requireSame(entry: Entry, row: Recipient | undefined, tokenHash: string | undefined): void {
  if (row === undefined) return
  const same =
    row.name === entry.name &&
    row.kind === entry.kind &&
    row.age_recipient === entry.ageRecipient &&
    row.receipt_vkey === entry.receiptKey &&
    tokenHash === entry.tokenHash
  if (!same)
    throw new HubError(
      'conflict',
      `recipient ${entry.id} is enrolled with other particulars; keys are not replaced by enrolling again`,
    )
}

function requireOtherKeys(entry: Entry, row: Recipient | undefined): void {
  if (row === undefined) return
  if (row.age_recipient === entry.ageRecipient || row.receipt_vkey === entry.receiptKey)
    throw new HubError('conflict', `the keys of recipient ${entry.id} were revoked; it needs new ones`)
}

function requireUnique(values: readonly string[], what: string): void {
  const seen = new Set<string>()
  for (const value of values) {
    if (seen.has(value)) throw new HubError('bad-request', `the ${what} ${value} is in the batch twice`)
    seen.add(value)
  }
}
