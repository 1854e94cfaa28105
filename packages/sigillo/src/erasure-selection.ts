import { vendorClient } from '@sigillo/api/client'
import { type LoggedEvent, MOST_IN_BATCH } from '@sigillo/api/contracts'
import type { EraseRequest } from '@sigillo/api/contracts-erasure'
import { whyKept } from '@sigillo/programme/legal-hold'
import { z } from 'zod'
import { CommandError } from './errors.ts'

/** What somebody names that shall be erased. */
export interface Selection {
  readonly event?: readonly string[]
  readonly package?: readonly string[]
  /** All events of a stream. */
  readonly stream?: string
  /** All events of a partner's stream, and its packages. */
  readonly partner?: string
  /** All events that a person did or that are about it; its whole id, such as `staff/ann`. */
  readonly person?: string
  /** All packages of a case. */
  readonly case?: string
  /** Of whole streams, partners and persons only events before this instant. */
  readonly before?: string
}

/** Events and packages by name, which is what is asked for and approved: a stream may have grown meanwhile. */
export type Selected = Pick<EraseRequest, 'events' | 'packages'>

/**
 * Finds what a selection means now, without what was erased already and what is never erased.
 * @throws ApiError; CommandError `bad-option` when it means nothing, or more than one erasure takes
 */
export async function selectForErasure(hub: string, token: string, selection: Selection): Promise<Selected> {
  const client = vendorClient(hub, token)
  const isWide = selection.stream !== undefined || selection.partner !== undefined || selection.person !== undefined
  const all = isWide ? await client.events() : []
  const wide = all.filter((event) => isMeant(event, selection) && isErasable(event, selection.before))
  const events = [...(selection.event ?? []).map(indexOf), ...wide.map(({ index }) => index)]
  const issued = selection.case === undefined && selection.partner === undefined ? [] : await client.packages()
  const meant = issued.filter(
    (one) => one.erased === null && (one.case === selection.case || one.recipient === selection.partner),
  )
  const packages = [...(selection.package ?? []), ...meant.map(({ id }) => id)]
  for (const [what, count] of [['events', events.length] as const, ['packages', packages.length] as const])
    if (count > MOST_IN_BATCH)
      throw new CommandError(
        'bad-option',
        `that is ${String(count)} ${what}, and one erasure takes ${String(MOST_IN_BATCH)}; narrow it, for instance with --before`,
      )
  if (events.length + packages.length === 0)
    throw new CommandError('bad-option', 'nothing is named that can be erased, or all of it is erased already')
  return { events, packages }
}

const acts = z.object({
  actor: z.object({ id: z.string() }),
  data: z.looseObject({ person: z.string().optional() }),
})

function isMeant(event: LoggedEvent, { stream, partner, person }: Selection): boolean {
  if (event.stream === stream || event.stream === `partner:${partner ?? ''}`) return true
  if (person === undefined || event.event === null) return false
  const { actor, data } = acts.parse(JSON.parse(event.event))
  return actor.id === person || (data.person !== undefined && `${sideOf(event.stream)}/${data.person}` === person)
}

/** How the ids of the people begin whom a stream is about: `staff`, or `partner/ID`. */
function sideOf(stream: string): string {
  return stream.startsWith('partner:') ? `partner/${stream.slice('partner:'.length)}` : 'staff'
}

function isErasable({ type, stream, erased, at }: LoggedEvent, before: string | undefined): boolean {
  if (erased !== null || whyKept(type, stream) !== null) return false
  return before === undefined || Date.parse(at) < instantOf(before)
}

function instantOf(text: string): number {
  const instant = Date.parse(text)
  if (Number.isNaN(instant))
    throw new CommandError('bad-option', `--before "${text}" must be an instant, such as 2026-01-31T00:00:00Z`)
  return instant
}

function indexOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new CommandError('bad-option', `--event "${text}" must be a place in the log`)
  return Number(text)
}
