import type { Part } from './policy.ts'

/** Who got which parts in one distribution, past or planned. */
export interface AudienceRecord {
  readonly case: string
  readonly shares: readonly { readonly recipient: string; readonly country: string; readonly parts: readonly Part[] }[]
}

/** Something about a planned audience that earlier ones give no reason to expect. */
export interface Warning {
  readonly kind: 'first-share' | 'first-part' | 'first-country' | 'new-to-case' | 'left-out'
  readonly recipient: string
  readonly why: string
}

/** In how many of the newest distributions somebody must have been for its absence to be worth a word. */
const REGULAR = 3

/**
 * What is unusual about an audience, compared with the distributions before it, oldest first. A programme's first distribution has
 * nothing to be compared with. It warns and decides nothing.
 */
export function unusual(planned: AudienceRecord, before: readonly AudienceRecord[]): readonly Warning[] {
  if (before.length === 0) return []
  return [...newcomers(planned, before), ...leftOut(planned, before)]
}

function newcomers(planned: AudienceRecord, before: readonly AudienceRecord[]): readonly Warning[] {
  const past = before.flatMap(({ shares }) => shares)
  const countries = new Set(past.map(({ country }) => country))
  const inCase = before.filter((record) => record.case === planned.case)
  return planned.shares.flatMap(({ recipient, country, parts }): Warning[] => {
    const own = past.filter((share) => share.recipient === recipient)
    const had = new Set(own.flatMap((share) => share.parts))
    const fresh = parts.filter((part) => !had.has(part))
    const isNewToCase =
      inCase.length > 0 && !inCase.some((record) => record.shares.some((share) => share.recipient === recipient))
    return [
      ...(own.length === 0 ? [warn('first-share', recipient, 'it never got anything before')] : []),
      ...(own.length > 0 && fresh.length > 0
        ? [warn('first-part', recipient, `it never got this before: ${fresh.join(', ')}`)]
        : []),
      ...(countries.has(country)
        ? []
        : [warn('first-country', recipient, `nobody with a seat in ${country} got anything before`)]),
      ...(isNewToCase ? [warn('new-to-case', recipient, 'it got nothing of this case before')] : []),
    ]
  })
}

function leftOut(planned: AudienceRecord, before: readonly AudienceRecord[]): readonly Warning[] {
  const newest = before.slice(-REGULAR)
  if (newest.length < REGULAR) return []
  const here = new Set(planned.shares.map(({ recipient }) => recipient))
  const regulars = (newest[0]?.shares ?? [])
    .map(({ recipient }) => recipient)
    .filter((id) => newest.every(({ shares }) => shares.some((share) => share.recipient === id)))
  return regulars
    .filter((id) => !here.has(id))
    .map((id) => warn('left-out', id, `it was in each of the last ${REGULAR} distributions and is not in this one`))
}

function warn(kind: Warning['kind'], recipient: string, why: string): Warning {
  return { kind, recipient, why }
}
