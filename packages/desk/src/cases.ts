import { type CaseFile, type ChronologyEvent, parseCaseFile } from '@sigillo/chronology/case-file'
import { clocksOf } from '@sigillo/chronology/clocks'
import { ordersOf } from '@sigillo/chronology/declared-orders'
import { addEvents } from '@sigillo/chronology/events'
import { checkOrders } from '@sigillo/chronology/temporal-network'
import { writeCaseFile } from '@sigillo/chronology/write-case-file'
import { type Embargo, nextEmbargoState, releaseInstant } from '@sigillo/programme/embargo'
import type { Desk } from './context.ts'
import { type CaseDocument, caseDocument } from './documents.ts'
import { DeskError } from './errors.ts'
import { checkName } from './vault.ts'

/**
 * Opens a case under an embargo that is active until `releaseAt`.
 * @throws DeskError `exists`, `bad-name`; ProgrammeError `bad-embargo` when the release has no hour or zone
 */
export async function newCase(desk: Desk, id: string, title: string, releaseAt: string): Promise<CaseDocument> {
  checkName(id, 'the case')
  if ((await desk.vault.read('cases', id, caseDocument)) !== null)
    throw new DeskError('exists', `there is a case "${id}" already; nothing was changed`)
  const embargo: Embargo = { state: nextEmbargoState(nextEmbargoState('none', 'propose'), 'accept'), releaseAt }
  releaseInstant(embargo)
  const document: CaseDocument = {
    schema: 'sigillo-desk-case/1',
    id,
    title,
    embargo,
    chronology: { schema: 'sigillo-case/1', id, title, events: [] },
  }
  await desk.vault.write('cases', id, document)
  return document
}

/** The case of that id. @throws DeskError `unknown-case` */
export async function requireCase(desk: Desk, id: string): Promise<CaseDocument> {
  const document = await desk.vault.read('cases', checkName(id, 'the case'), caseDocument)
  if (document === null)
    throw new DeskError('unknown-case', `there is no case "${id}"; list them with: sigillo case list`)
  return document
}

/**
 * States whether every hand-over of a case is on record, made through this vault or not. From then on one that is not on record counts as not made, or does not.
 * @throws DeskError `unknown-case`
 */
export async function stateHandOvers(desk: Desk, id: string, complete: boolean): Promise<CaseDocument> {
  const document = { ...(await requireCase(desk, id)), handOversComplete: complete }
  await desk.vault.write('cases', id, document)
  return document
}

/** The case's chronology. */
export function chronologyOf(document: CaseDocument): CaseFile {
  return parseCaseFile(document.chronology)
}

/** What an import did. */
export interface ImportResult {
  readonly added: number
  readonly unchanged: number
  readonly conflicts: readonly string[]
}

/** What an import brings: events, and what a case file states beside them (declared orders, clock errors). */
export interface Incoming {
  readonly events: readonly ChronologyEvent[]
  readonly extra?: CaseFile['extra']
}

/**
 * Adds events to a case; nothing is overwritten, contradictions stay side by side, and a source's clock is stated once.
 * @throws ChronologyError for events or statements that do not fit the case; nothing is imported then
 */
export async function importEvents(desk: Desk, caseId: string, incoming: Incoming): Promise<ImportResult> {
  const document = await requireCase(desk, caseId)
  const before = chronologyOf(document)
  const merged = addEvents(before, incoming.events)
  const caseFile = { ...merged.caseFile, extra: joinStatements(before.extra, incoming.extra ?? {}) }
  clocksOf(caseFile)
  checkOrders(caseFile.events, ordersOf(caseFile))
  await desk.vault.write('cases', caseId, { ...document, chronology: writeCaseFile(caseFile) })
  const conflicts = merged.conflicts.map(
    ({ id, keptAs }) => `event ${id} was there with other content; both are kept, the new one as ${keptAs}`,
  )
  return { added: merged.added.length, unchanged: merged.unchanged.length, conflicts }
}

/** The orders and clock errors of both, each once. */
function joinStatements(before: CaseFile['extra'], incoming: CaseFile['extra']): CaseFile['extra'] {
  const joined = ['orders', 'clocks'].flatMap((name): readonly [string, unknown][] => {
    const all = [before[name] ?? [], incoming[name] ?? []].flat()
    const seen = new Set<string>()
    const unique = all.filter((entry) => !seen.has(JSON.stringify(entry)) && seen.add(JSON.stringify(entry)))
    return unique.length === 0 ? [] : [[name, unique]]
  })
  return { ...before, ...Object.fromEntries(joined) }
}
