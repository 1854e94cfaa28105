import { createHash } from 'node:crypto'
import { planHash, type MarkPlan } from '@sigillo/marks/plan'
import type { MarkSite, PlanFile } from '@sigillo/marks/site'
import {
  type ArtefactInput,
  buildSegment,
  parseSegment,
  SEGMENT_SCHEMA,
  type Segment,
  serialiseSegment,
} from '@sigillo/similarity/artefact-index'
import type { Background } from '@sigillo/similarity/background'
import type { FileRange } from '@sigillo/similarity/document'
import { languageOf } from '@sigillo/similarity/language'
import { planOf, requireArtefact } from './artefacts.ts'
import type { Desk } from './context.ts'
import type { ArtefactDocument } from './documents.ts'
import { requiredSpans } from './required-parts.ts'
import { screenSegmentDocument, toBase64 } from './screen-documents.ts'

/** One file of a shared artefact: the unit that is indexed, because a leak usually shows one. */
export interface WatchedFile {
  readonly artefact: string
  readonly case: string
  readonly path: string
  /** Text for people, not code: its words are everybody's. */
  readonly prose: boolean
  /** What was shared, in the vault only: a machine that screens a feed needs the index and no more. */
  readonly source: { readonly plan: MarkPlan; readonly file: PlanFile } | null
}

/** Everything that is watched for. The keys of `files` are the ids of the segments' artefacts. */
export interface ScreenIndex {
  readonly segments: readonly Segment[]
  readonly files: ReadonlyMap<string, WatchedFile>
}

const COLLECTION = 'screen-index'

/**
 * The index of all artefacts of the vault, one segment each. Segments that are missing, or that were made of another plan or another
 * background, are made and kept.
 */
export async function loadScreenIndex(desk: Desk, background: Background): Promise<ScreenIndex> {
  const segments: Segment[] = []
  const files = new Map<string, WatchedFile>()
  for (const id of await desk.vault.list('artefacts')) {
    const document = await requireArtefact(desk, id)
    const plan = planOf(document)
    for (const file of plan.files) {
      const prose = languageOf(file.path, Buffer.from(file.text, 'utf8')) === 'text'
      const source = { plan, file }
      files.set(entryId(id, file), { artefact: id, case: document.case, path: file.path, prose, source })
    }
    segments.push(await segmentOf(desk, document, plan, background))
  }
  return { segments, files }
}

async function segmentOf(
  desk: Desk,
  document: ArtefactDocument,
  plan: MarkPlan,
  background: Background,
): Promise<Segment> {
  const required = [document.required ?? [], document.requiredLines ?? []]
  const of = createHash('sha256')
    .update(JSON.stringify([SEGMENT_SCHEMA, planHash(plan), required, background.digest]))
    .digest('hex')
  const kept = await desk.vault.read(COLLECTION, document.id, screenSegmentDocument)
  if (kept !== null && kept.of === of) return parseSegment(kept.segment)
  desk.progress(`indexing ${document.id}`)
  const segment = buildSegment(watchedInputs(document, plan), background)
  await desk.vault.write(COLLECTION, document.id, {
    schema: 'sigillo-desk-screen-segment/1',
    artefact: document.id,
    of,
    segment: toBase64(serialiseSegment(segment)),
  })
  return segment
}

/** The files of an artefact as they are indexed: unmarked text, with the places that differ between copies and the required parts left out. */
export function watchedInputs(document: ArtefactDocument, plan: MarkPlan): readonly ArtefactInput[] {
  return plan.files.map((file) => ({
    id: entryId(document.id, file),
    files: [{ name: file.path, bytes: Buffer.from(file.text, 'utf8') }],
    marks: rangesOf(file.text, markedSpans(file)),
    essential: { strings: document.required ?? [], ranges: rangesOf(file.text, requiredSpans(document, file)) },
  }))
}

function entryId(artefact: string, file: PlanFile): string {
  return `${artefact}/${file.path}`
}

/** What is not the same in every copy: what edits replace, and the seams of parts that change places. */
function markedSpans(file: PlanFile): (readonly [number, number])[] {
  return file.sites.flatMap((site) => [...editedSpans(site), ...seams(site)])
}

/** Spans of a text (offsets in UTF-16) as bytes of it. */
function rangesOf(text: string, spans: readonly (readonly [number, number])[]): readonly FileRange[] {
  const offsets = byteOffsets(text)
  const byte = (at: number): number => offsets[Math.max(0, Math.min(at, text.length))] ?? 0
  const distinct = new Map(spans.map(([start, end]) => [`${start}-${end}`, [start, end] as const]))
  return [...distinct.values()].map(([start, end]) => ({ file: 0, start: byte(start), end: byte(end) }))
}

function editedSpans(site: MarkSite): (readonly [number, number])[] {
  return site.variants.flatMap(({ edits = [] }) => edits.map(({ span }) => [span.start, span.end] as const))
}

/** Where a part that changes places begins and ends, a character of each side included: what stands there depends on the order. */
function seams({ parts = [] }: MarkSite): (readonly [number, number])[] {
  return parts.flatMap(({ start, end }) => [[start - 1, start + 1] as const, [end - 1, end + 1] as const])
}

/** Offset in UTF-8 of every offset in UTF-16. */
function byteOffsets(text: string): Uint32Array {
  const offsets = new Uint32Array(text.length + 1)
  let byte = 0
  for (let at = 0; at < text.length; at += 1) {
    offsets[at] = byte
    const code = text.charCodeAt(at)
    const surrogate = code >= 0xd800 && code <= 0xdfff
    byte += code < 0x80 ? 1 : code < 0x800 || surrogate ? 2 : 3
  }
  offsets[text.length] = byte
  return offsets
}
