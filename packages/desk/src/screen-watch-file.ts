import { packArchive, readArchive } from '@sigillo/seal/archive'
import { mergeSegments, parseSegment, serialiseSegment } from '@sigillo/similarity/artefact-index'
import { parseBackground, serialiseBackground } from '@sigillo/similarity/background'
import { parseCohort, serialiseCohort } from '@sigillo/similarity/cohort'
import { z } from 'zod'
import { DeskError } from './errors.ts'
import { type Watch, watchOf } from './screen-sample.ts'

const watchList = z.strictObject({
  schema: z.literal('sigillo-watch/1'),
  files: z.array(
    z.strictObject({ id: z.string(), artefact: z.string(), case: z.string(), path: z.string(), prose: z.boolean() }),
  ),
})

/**
 * What a machine needs to screen a feed, as one file: index, background and cohort, all hashed, and the names of what is watched for. No text,
 * no marks, no keys, no recipients.
 */
export function packWatch({ segments, files, background, cohort }: Watch): Uint8Array {
  const list: z.infer<typeof watchList> = {
    schema: 'sigillo-watch/1',
    files: [...files].map(([id, { artefact, case: of, path, prose }]) => ({ id, artefact, case: of, path, prose })),
  }
  return packArchive([
    { path: 'background', bytes: serialiseBackground(background) },
    { path: 'watch.json', bytes: Buffer.from(JSON.stringify(list), 'utf8') },
    ...(segments.length === 0 ? [] : [{ path: 'segment', bytes: serialiseSegment(mergeSegments(segments)) }]),
    ...(cohort === null ? [] : [{ path: 'cohort', bytes: serialiseCohort(cohort) }]),
  ])
}

/**
 * Opens what `packWatch` wrote; hits have no regions and no outlook on a trace.
 * @param path for the message
 * @throws DeskError `not-a-watch` for anything else; SealError and SimilarityError for broken parts
 */
export function openWatchFile(bytes: Uint8Array, path: string): Watch {
  const parts = new Map(readArchive(bytes).map((file) => [file.path, file.bytes]))
  const background = parts.get('background')
  const list = watchList.safeParse(parseJson(parts.get('watch.json')))
  if (background === undefined || !list.success)
    throw new DeskError('not-a-watch', `${path} is not an index to screen with; make one with: sigillo screen export`)
  const segment = parts.get('segment')
  const cohort = parts.get('cohort')
  const files = new Map(list.data.files.map(({ id, ...file }) => [id, { ...file, source: null }]))
  return watchOf(
    { segments: segment === undefined ? [] : [parseSegment(segment)], files },
    parseBackground(background),
    cohort === undefined ? null : parseCohort(cohort),
    new Map(),
  )
}

function parseJson(bytes: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(bytes ?? []).toString('utf8'))
  } catch {
    return null
  }
}
