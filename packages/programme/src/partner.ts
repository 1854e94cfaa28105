import { ProgrammeError } from './errors.ts'
import { isRecord } from './internal/record.ts'

/** Who a recipient is. Vendor staff and the finder are recipients like any partner: nobody gets an unmarked copy. */
export type RecipientKind = 'partner' | 'vendor' | 'finder'

/** One recipient of copies: a member organisation, a group inside the vendor, or the finder. */
export interface Partner {
  /** Opaque id, 1 to 64 of `a-z 0-9 . - _`, starting with a letter or digit. It goes into the code generator and never changes. */
  readonly id: string
  readonly name: string
  readonly kind: RecipientKind
  /** Id of a tier of the policy. */
  readonly tier: string
  /** ISO 3166-1 alpha-2 code of the seat, upper case; `XX` when not known. */
  readonly country: string
  /** age recipient (`age1…`) that copies are sealed to. */
  readonly ageRecipient: string
  /** Ed25519 verifier key (C2SP vkey) that receipts are signed with; null until enrolled. */
  readonly receiptKey: string | null
  /** SHA-256 (hex) of the access token for the hub, which the partner drew itself; null until enrolled. */
  readonly tokenHash: string | null
  /** Last day of its vetting, `YYYY-MM-DD` in UTC; absent when none is on record. Once it has passed, it gets nothing new. */
  readonly vettedUntil?: string
  /** A removed partner stays listed: cases that concern earlier distributions still count it. */
  readonly state: 'active' | 'suspended' | 'removed'
}

const ID = /^[a-z0-9][a-z0-9._-]{0,63}$/
const KINDS: readonly RecipientKind[] = ['partner', 'vendor', 'finder']
const STATES: readonly Partner['state'][] = ['active', 'suspended', 'removed']

/**
 * Checks one partner record from JSON or a CSV row. Missing optional fields get their defaults (kind partner, country XX, state active, no receipt key).
 * @param at where the record stands, for the message (`partners.csv line 3`)
 * @throws ProgrammeError `bad-partner`
 */
export function parsePartner(value: unknown, at: string): Partner {
  if (!isRecord(value)) throw bad(at, 'is not an object')
  const record = value
  const id = text(record, 'id', at)
  if (!ID.test(id))
    throw bad(at, `id "${id}" must be 1 to 64 of a-z, 0-9, ".", "-", "_" and start with a letter or digit`)
  const ageRecipient = text(record, 'ageRecipient', at)
  if (!/^age1[a-z0-9]{20,2100}$/.test(ageRecipient))
    throw bad(at, `ageRecipient of "${id}" is not an age recipient (age1…)`)
  return {
    id,
    name: text(record, 'name', at, id),
    kind: oneOf(record, 'kind', KINDS, at, 'partner'),
    tier: text(record, 'tier', at),
    country: country(record, at),
    ageRecipient,
    receiptKey: optional(record, 'receiptKey', at),
    tokenHash: hash(record, at),
    ...vetting(record, at),
    state: oneOf(record, 'state', STATES, at, 'active'),
  }
}

/**
 * Adds records to a roster; a record with a known id must be identical, so that an import never overwrites.
 * @throws ProgrammeError `duplicate-partner`
 */
export function mergePartners(roster: readonly Partner[], added: readonly Partner[]): readonly Partner[] {
  const byId = new Map(roster.map((partner) => [partner.id, partner]))
  for (const partner of added) {
    const known = byId.get(partner.id)
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(partner)) {
      throw new ProgrammeError(
        'duplicate-partner',
        `partner "${partner.id}" is already listed with other data; nothing was imported`,
      )
    }
    byId.set(partner.id, partner)
  }
  return [...byId.values()]
}

function bad(at: string, what: string): ProgrammeError {
  return new ProgrammeError('bad-partner', `${at}: ${what}`)
}

function text(record: Record<string, unknown>, key: string, at: string, fallback?: string): string {
  const value = record[key] ?? fallback
  if (typeof value !== 'string' || value.trim() === '') throw bad(at, `"${key}" is missing or empty`)
  if (/[\p{Cc}\p{Cs}]/u.test(value)) throw bad(at, `"${key}" holds control characters`)
  if (value.length > 2200) throw bad(at, `"${key}" is longer than 2200 characters`)
  return value.trim()
}

function optional(record: Record<string, unknown>, key: string, at: string): string | null {
  const value = record[key]
  return value === undefined || value === null || value === '' ? null : text(record, key, at)
}

function oneOf<T extends string>(
  record: Record<string, unknown>,
  key: string,
  allowed: readonly T[],
  at: string,
  fallback: T,
): T {
  const value = record[key] === '' ? fallback : (record[key] ?? fallback)
  const known = allowed.find((candidate) => candidate === value)
  if (known === undefined) throw bad(at, `"${key}" must be one of ${allowed.join(', ')}`)
  return known
}

function hash(record: Record<string, unknown>, at: string): string | null {
  const value = optional(record, 'tokenHash', at)
  if (value !== null && !/^[0-9a-f]{64}$/.test(value)) throw bad(at, '"tokenHash" must be 64 hex digits')
  return value
}

function vetting(record: Record<string, unknown>, at: string): Pick<Partner, 'vettedUntil'> {
  const day = optional(record, 'vettedUntil', at)
  if (day === null) return {}
  const instant = Date.parse(`${day}T00:00:00Z`)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(instant) || !new Date(instant).toISOString().startsWith(day))
    throw bad(at, `vettedUntil "${day}" must be a day of the calendar, such as 2027-01-31`)
  return { vettedUntil: day }
}

function country(record: Record<string, unknown>, at: string): string {
  const value = text(record, 'country', at, 'XX')
  if (!/^[A-Z]{2}$/.test(value))
    throw bad(at, `country "${value}" must be a two-letter code in capitals (XX when not known)`)
  return value
}
