import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { screenSample } from '@sigillo/similarity/screen'
import { contestsOf, labelledSets } from './labelled.ts'
import { shareAbove, thresholdAt } from './metrics.ts'
import { documentOf, screenOf } from './ours.ts'
import { cacheFolder } from './peers/folder.ts'
import { keepRow, keptRows } from './results.ts'
import type { Contest, Scorer } from './scorer.ts'
import { castOf, FULL } from './sets/draw.ts'
import { jdkFiles } from './sets/jdk.ts'
import { allPublicFiles, textOf } from './sets/public-files.ts'
import type { RealKind } from './sets/public-files.ts'
import { shareClone } from './sets/clones.ts'
import { robustnessSet } from './sets/robustness.ts'

/** How often the screen was wrong where it promised a rate. */
export interface StatedRow {
  readonly what: string
  readonly files: number
  readonly artefacts: number
  /** Pairs without a rate: the cohort was too thin. */
  readonly uncalibrated: number
  /** Share of calibrated pairs whose p-value is at most so much. */
  readonly pairsAt1: number
  readonly pairsAt01: number
  /** Share of files with a hit whose stated false-alarm rate is at most so much. */
  readonly filesAt1: number
  readonly filesAt01: number
}

/** Alarms by one scorer at the thresholds that let 1 % and 0.1 % of its negatives through elsewhere. */
export interface AlarmRow {
  readonly what: string
  readonly scorer: string
  readonly pairs: number
  readonly at1: number
  readonly at01: number
}

const KINDS: readonly RealKind[] = ['javascript', 'python', 'c', 'go']

/** Stated rates against measured ones, kept in `results/`. */
export async function runStated(sets: string | undefined): Promise<void> {
  await unrelatedFiles()
  if (sets === undefined) console.log('MISSING: independent solutions of one task are in --sets DIR')
  else independentSolutions(sets)
}

/** Alarms over a public file that two unrelated files share, kept in `results/`. */
export async function runShared(scorers: readonly Scorer[]): Promise<void> {
  for (const kind of ['javascript', 'python'] as const) await sharedPublicFile(kind, scorers)
}

/** Ten thousand real files that have nothing to do with the artefacts, of other families and in no background. */
async function unrelatedFiles(): Promise<void> {
  const sets = await Promise.all(KINDS.map((kind) => robustnessSet(kind, 'tuning', FULL)))
  const casts = KINDS.map((kind) => castOf(kind, FULL))
  const taken = new Set(
    casts.flatMap((cast) => [...cast.originals.tuning, ...cast.cohort, ...cast.background]).map((file) => file.family),
  )
  const seen = new Set<string>()
  const files = allPublicFiles()
    .filter((file) => !taken.has(file.family) && file.bytes >= 500 && file.bytes <= 300_000)
    .sort((a, b) => (digest(a.path) < digest(b.path) ? -1 : 1))
    .filter((file) => isNew(seen, digest(textOf(file))))
    .slice(0, 10_000)
  const contest = contestWith(
    sets.flatMap((set) => set.originals),
    sets.flatMap((set) => set.background),
    sets.flatMap((set) => set.cohort),
  )
  const row = screened(
    'unrelated real files',
    contest,
    files.map((file) => file.path),
  )
  keepRow('stated', row.what, row)
  console.log(
    `${row.files} unrelated files: ${percent(row.filesAt1)} alarm at a stated 1 %, ${percent(row.filesAt01)} at 0.1 %`,
  )
}

/** Independent solutions of one task, with the other half of the set as cohort. */
function independentSolutions(folder: string): void {
  for (const set of labelledSets(folder)) {
    const rows = contestsOf(set, jdkFiles()).map(({ contest, pairs }) => {
      const independent = pairs.flatMap((pair, at) => (pair.derived ? [] : [contest.samples[at]!]))
      return screened(set.name, contest, independent)
    })
    const sum = (of: (row: StatedRow) => number): number => rows.reduce((total, row) => total + of(row), 0)
    const files = sum((row) => row.files)
    const calibrated = files - sum((row) => row.uncalibrated)
    const mean = (of: (row: StatedRow) => number): number =>
      calibrated === 0 ? 0 : sum((row) => of(row) * (row.files - row.uncalibrated)) / calibrated
    const what = `independent solutions, ${set.name}`
    const row: StatedRow = {
      what,
      files,
      artefacts: rows.length,
      uncalibrated: sum((each) => each.uncalibrated),
      pairsAt1: mean((each) => each.pairsAt1),
      pairsAt01: mean((each) => each.pairsAt01),
      filesAt1: mean((each) => each.filesAt1),
      filesAt01: mean((each) => each.filesAt01),
    }
    keepRow('stated', what, row)
    console.log(`${what}: ${percent(row.pairsAt1)} at 1 %, ${row.uncalibrated} of ${files} without a rate`)
  }
}

function screened(what: string, contest: Contest, files: readonly string[]): StatedRow {
  const screen = screenOf(contest, true)
  const artefacts = contest.references.length
  const thin = new Set(
    (screen.calibration?.artefacts ?? []).filter((each) => each.thin !== null).map((each) => each.artefact),
  ).size
  const count = { pairsAt1: 0, pairsAt01: 0, filesAt1: 0, filesAt01: 0 }
  for (const path of files) {
    const { hits } = screenSample(screen, documentOf(path), { limit: artefacts, features: 0 })
    count.pairsAt1 += hits.filter((hit) => (hit.p ?? 1) <= 0.01).length
    count.pairsAt01 += hits.filter((hit) => (hit.p ?? 1) <= 0.001).length
    count.filesAt1 += Number(hits.some((hit) => (hit.falseAlarmRate ?? 1) <= 0.01))
    count.filesAt01 += Number(hits.some((hit) => (hit.falseAlarmRate ?? 1) <= 0.001))
  }
  const pairs = files.length * (artefacts - thin)
  const of = (number: number, all: number): number => (all === 0 ? 0 : number / all)
  return {
    what,
    files: files.length,
    artefacts,
    uncalibrated: files.length * thin,
    pairsAt1: of(count.pairsAt1, pairs),
    pairsAt01: of(count.pairsAt01, pairs),
    filesAt1: of(count.filesAt1, files.length),
    filesAt01: of(count.filesAt01, files.length),
  }
}

/** Pairs of unrelated files that both hold one public file, once in the background; thresholds come from the pairs that do not share one. */
const SHARED_PAIRS = 120

async function sharedPublicFile(kind: 'javascript' | 'python', scorers: readonly Scorer[]): Promise<void> {
  const set = await robustnessSet(kind, 'tuning', FULL)
  const strangers = set.samples.filter((sample) => sample.of === undefined).map((sample) => sample.path)
  const shared = set.background.filter((path) => isBetween(readFileSync(path).length, 3500, 8000))
  const pairs = Array.from({ length: SHARED_PAIRS }, (_, at) => ({
    original: set.originals[at % set.originals.length]!,
    // Primes, so that a public file that comes twice is in another pair each time.
    stranger: strangers[(7 * at) % strangers.length]!,
    inside: shared[(11 * at) % shared.length]!,
  })).filter(({ original, stranger }) => !shareClone(readFileSync(original, 'utf8'), readFileSync(stranger, 'utf8')))
  const references = pairs.map(({ original, inside }) => withInside(original, inside, kind))
  const both = pairs.map(({ stranger, inside }) => withInside(stranger, inside, kind))
  const contest: Contest = {
    ...contestWith(references, set.background, set.cohort),
    language: kind,
    samples: [...both, ...strangers],
    strangersInARow: 1 << 20,
  }
  const kept = keptRows<AlarmRow>('alarms')
  for (const scorer of scorers.filter((each) => each.reads(kind))) {
    const key = `shared public file, ${kind}, ${scorer.name}`
    const before = scorer.learns === true ? undefined : kept[key]
    const row =
      before?.pairs === pairs.length ? before : alarmsOf(key, scorer.name, contest, await scorer.score(contest))
    keepRow('alarms', key, row)
    console.log(`${key}: ${percent(row.at1)} / ${percent(row.at01)}`)
  }
}

function alarmsOf(what: string, scorer: string, { references, samples }: Contest, scores: Float64Array): AlarmRow {
  const negatives: number[] = []
  for (const row of references.keys())
    for (let column = references.length; column < samples.length; column++)
      negatives.push(scores[row * samples.length + column]!)
  const shared = references.map((_, at) => scores[at * samples.length + at]!)
  return {
    what,
    scorer,
    pairs: shared.length,
    at1: shareAbove(shared, thresholdAt(negatives, 0.01)),
    at01: shareAbove(shared, thresholdAt(negatives, 0.001)),
  }
}

/** Statements that begin a line; what is pasted before one breaks no string and no comment. */
const STATEMENT = /^(?:def|class|function|const|let|var|export|exports|module|if|import|from)\b/

function withInside(path: string, inside: string, kind: string): string {
  const lines = readFileSync(path, 'utf8').split('\n')
  const half = Math.floor(lines.length / 2)
  const from = lines.findIndex((line, at) => at >= half && STATEMENT.test(line))
  const middle = from < 0 ? lines.length : from
  const text = [...lines.slice(0, middle), readFileSync(inside, 'utf8'), ...lines.slice(middle)].join('\n')
  const folder = join(cacheFolder(), 'shared', kind)
  mkdirSync(folder, { recursive: true })
  const made = join(folder, `${digest(text).slice(0, 24)}${extname(path)}`)
  writeFileSync(made, text)
  return made
}

function contestWith(references: readonly string[], background: readonly string[], cohort: readonly string[]): Contest {
  return { language: 'mixed', references, samples: [], background, cohort, strangersInARow: 1 }
}

function isNew(seen: Set<string>, key: string): boolean {
  if (seen.has(key)) return false
  seen.add(key)
  return true
}

const isBetween = (value: number, least: number, most: number): boolean => value >= least && value <= most
const digest = (text: string): string => createHash('sha256').update(text).digest('hex')
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`
