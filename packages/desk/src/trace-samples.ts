import { createHash } from 'node:crypto'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readingHash } from '@sigillo/dossier/reading-hash'
import { trace, type TraceResult } from '@sigillo/fingerprint/trace'
import { readSample } from '@sigillo/marks/read-sample'
import type { Reading, SampleFile } from '@sigillo/marks/site'
import { planOf } from './artefacts.ts'
import { type Codebook, openCodebook, symbolsOf, toSymbols } from './codebook.ts'
import type { Desk } from './context.ts'
import type { DistributionDocument } from './documents.ts'
import { DeskError } from './errors.ts'
import { lookAt, shareOfLook } from './looks.ts'
import { readInput, tryDecode } from './read-input.ts'
import { distributionsOf } from './seal-distribution.ts'

/** A sample as it was found: bytes, their hash, and the text if it is text. */
export interface Sample {
  readonly path: string
  readonly sha256: string
  readonly text: string
}

/** What is fixed, by hash, before any code key is opened: the samples and what was read from them, blind. */
export interface BlindReading {
  readonly distribution: DistributionDocument
  readonly readings: readonly Reading[]
  /** SHA-256 (hex) of each sample, sorted. */
  readonly samples: readonly string[]
  /** SHA-256 (hex) over samples, plan and readings. */
  readonly hash: string
}

/** The trace of one set of samples against one distribution. */
export interface DistributionTrace extends BlindReading {
  readonly result: TraceResult
  /** Which look at its case this was; each has its share of the case's error budget. */
  readonly look: number
  readonly poolOf: ReadonlyMap<string, string>
  /** Copies that were tested: recipients who hold a file that something was read from. */
  readonly tested: readonly string[]
}

export interface TraceOptions {
  readonly caseId?: string
  /** Chance of naming any innocent, for a case as a whole. Divided among its looks, and then among the distributions looked at. */
  readonly alpha: number
  /** Called with the blind readings before a code key is used; the hub's log is told here. */
  readonly commit: (reading: BlindReading) => Promise<void>
}

/**
 * Reads samples from files or folders that a user named.
 * @throws DeskError `missing-file`, `not-text`
 */
export async function loadSamples(paths: readonly string[]): Promise<readonly Sample[]> {
  const samples: Sample[] = []
  for (const path of paths) {
    const info = await lstat(path).catch(() => null)
    if (info === null) throw new DeskError('missing-file', `the sample: there is no file or folder ${path}`)
    const files = info.isDirectory() ? await filesBelow(path) : [path]
    for (const file of files) {
      const bytes = await readInput(file, 'the sample')
      const text = tryDecode(bytes)
      if (text === null && !info.isDirectory())
        throw new DeskError(
          'not-text',
          `the sample: ${file} is binary; this version reads text files, extract the scripts or strings first`,
        )
      if (text !== null) samples.push({ path: file, sha256: createHash('sha256').update(bytes).digest('hex'), text })
    }
  }
  if (samples.length === 0) throw new DeskError('missing-file', `the sample: ${paths.join(', ')} holds no text file`)
  return samples
}

/**
 * Reads the marks of every distribution in scope from the samples, blind; commits to the readings; then opens the code keys and tests every copy.
 * @throws DeskError `nothing-to-do` when there is no distribution in scope; MarksError; FingerprintError
 */
export async function traceSamples(
  desk: Desk,
  samples: readonly Sample[],
  options: TraceOptions,
): Promise<readonly DistributionTrace[]> {
  const scope = await distributionsOf(desk, options.caseId)
  if (scope.length === 0) {
    throw new DeskError(
      'nothing-to-do',
      `nothing was shared ${options.caseId === undefined ? 'yet' : `in case "${options.caseId}" yet`}, so there is no copy to trace to`,
    )
  }
  const blind: BlindReading[] = []
  for (const distribution of scope) {
    desk.progress(`reading marks of ${distribution.id}, blind to every codeword`)
    const reading = await readBlind(distribution, samples)
    await options.commit(reading)
    blind.push(reading)
  }
  const traces: DistributionTrace[] = []
  for (const reading of blind) {
    desk.progress(`testing the copies of ${reading.distribution.id}`)
    const look = await lookAt(desk, reading.distribution.case, reading.hash)
    traces.push(decide(reading, look, (options.alpha * shareOfLook(look)) / scope.length))
  }
  return traces
}

/** The outcome over all distributions: an accusation outranks a lead, a lead "insufficient", that "none". */
export function overallVerdict(traces: readonly DistributionTrace[]): TraceResult['verdict'] {
  const ranked = ['accusation', 'lead', 'insufficient', 'none'] as const
  return ranked.find((verdict) => traces.some(({ result }) => result.verdict === verdict)) ?? 'none'
}

async function readBlind(distribution: DistributionDocument, samples: readonly Sample[]): Promise<BlindReading> {
  const texts: readonly SampleFile[] = samples.map(({ path, text }) => ({ path, text }))
  const readings = await readSample(planOf(distribution), texts)
  const hashes = samples.map(({ sha256 }) => sha256).sort()
  return { distribution, readings, samples: hashes, hash: readingHash(distribution.planHash, hashes, readings) }
}

function decide(reading: BlindReading, look: number, alpha: number): DistributionTrace {
  const { distribution } = reading
  const book = openCodebook(
    planOf(distribution),
    Buffer.from(distribution.key, 'hex'),
    distribution.id,
    distribution.family,
  )
  const symbols = toSymbols(
    book,
    reading.readings.map(({ variant }) => variant),
  )
  const tested = holdersOfWhatWasRead(distribution, book, symbols)
  const result = trace({
    sites: book.drawn.map(({ id, numerators }) => ({ id, numerators })),
    reading: [...symbols],
    copies: tested.map((recipient) => ({ recipient, symbols: symbolsOf(book, recipient) })),
    recipients: distribution.recipients.length,
    alpha,
  })
  return { ...reading, look, result, tested, poolOf: new Map(book.sites.map((site) => [site.id, site.pool])) }
}

/** A copy whose files show none of the marks that were read cannot be the source of them; N stays the number of all recipients. */
function holdersOfWhatWasRead(
  distribution: DistributionDocument,
  book: Codebook,
  symbols: readonly (number | null)[],
): readonly string[] {
  const read = new Set(book.sites.filter((_, index) => symbols[index] !== null).map((site) => site.file))
  const holders = distribution.packages
    .filter((record) => record.paths.some((path) => read.has(path)))
    .map(({ recipient }) => recipient)
  return distribution.recipients.filter((recipient) => holders.includes(recipient))
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
