import { createHash } from 'node:crypto'
import { extname } from 'node:path'
import { openCodebook, symbolsOf, toSymbols, variantsOf } from '@sigillo/desk/codebook'
import type { Codebook } from '@sigillo/desk/codebook'
import type { BiasFamily } from '@sigillo/fingerprint/law'
import { familyFor, strongestFile } from '@sigillo/desk/plan-report'
import { seededDraw } from '@sigillo/fingerprint/simulate'
import type { Draw } from '@sigillo/fingerprint/simulate'
import { trace } from '@sigillo/fingerprint/trace'
import type { MarkPlan } from '@sigillo/marks/plan'
import { readSample } from '@sigillo/marks/read-sample'
import { renderFile } from '@sigillo/marks/render'
import type { Bundle } from './bundles.ts'
import { ALPHA, counted, forecast, isTouched, RECIPIENTS, rehearsalsOf } from './forecast.ts'
import type { Leak } from './forecast.ts'
import type { LeakDamage } from './damages.ts'

/** How often a leaker was named, and how often the planner expected it. */
export interface ConvictionRow {
  readonly id: string
  readonly bundle: string
  readonly damage: string
  readonly leakers: number
  /** `bundle`: all files leak. `file`: one of them, each in turn. */
  readonly leak: 'bundle' | 'file'
  /** Sites in a leak and how many of them were read, on average. */
  readonly sites: number
  readonly read: number
  readonly trials: number
  /** Trials in which at least one leaker was accused. */
  readonly named: number
  /** Trials in which anybody else was. */
  readonly innocent: number
  /** The planner's chance by rehearsal and by its figures alone, averaged over the files; null for a damage it has no word for. */
  readonly rehearsed: number | null
  readonly forecast: number | null
  /** The same when it is told which sites were read, averaged over the trials. */
  readonly counted: number
}

interface Count {
  sites: number
  read: number
  trials: number
  named: number
  innocent: number
  /** Sum of chances. */
  counted: number
}

/** Leaks a bundle, and each of its files alone, once for each of `keys` keys. One row for the bundle, one for the files. */
export async function measureConviction(bundle: Bundle, damage: LeakDamage, keys: number): Promise<ConvictionRow[]> {
  const family = familyFor(strongestFile(bundle.plan)?.sites ?? [])
  const leak: Leak = { bundle, damage, family }
  const { files } = bundle.plan
  const whole = zero()
  const single = zero()
  for (let key = 0; key < keys; key++) {
    const draw = seededDraw(1000 + key)
    const book = codebookOf(bundle, key, family)
    const leakers = someOf(damage.leakers, draw)
    const readings = await readLeak(bundle, damage, book, leakers, draw)
    addTrial(whole, book, readings.flat(), leakers)
    whole.counted += counted(leak, files, readings)
    for (const [at, own] of readings.entries()) {
      if (!isTouched(damage, files[at]!)) continue
      const alone = readings.flatMap((reading, other) => (other === at ? own : reading.map(() => null)))
      addTrial(single, book, alone, leakers, own.length)
      single.counted += counted(leak, [files[at]!], [own])
    }
  }
  const forecasts = await forecastsOf(leak)
  return [row(leak, 'bundle', whole, forecasts), row(leak, 'file', single, forecasts)]
}

/** The planner's chances for the whole bundle and, on average, for one of the files that are touched. */
export type Forecasts = Readonly<Record<ConvictionRow['leak'], Pick<ConvictionRow, 'rehearsed' | 'forecast'>>>

/** What the planner expects of a leak by its figures alone. */
export function figuresOf(leak: Leak, kind: ConvictionRow['leak']): ConvictionRow['forecast'] {
  return thousandths(forecastOf(leak, kind))
}

/** What the planner expects of a leak, by rehearsal and without. */
export async function forecastsOf(leak: Leak): Promise<Forecasts> {
  const rehearsals = await rehearsalsOf(leak)
  const both = (kind: ConvictionRow['leak']): Forecasts[typeof kind] => ({
    rehearsed: thousandths(forecastOf(leak, kind, rehearsals)),
    forecast: figuresOf(leak, kind),
  })
  return { bundle: both('bundle'), file: both('file') }
}

function forecastOf(
  leak: Leak,
  kind: ConvictionRow['leak'],
  rehearsals?: Awaited<ReturnType<typeof rehearsalsOf>>,
): number | null {
  const { files } = leak.bundle.plan
  if (kind === 'bundle') return forecast(leak, files, rehearsals)
  const alone = files.filter((file) => isTouched(leak.damage, file)).map((file) => forecast(leak, [file], rehearsals))
  return alone.reduce<number | null>(
    (sum, chance) => (sum === null || chance === null ? null : sum + chance / alone.length),
    0,
  )
}

async function readLeak(
  bundle: Bundle,
  damage: LeakDamage,
  book: Codebook,
  leakers: readonly string[],
  draw: Draw,
): Promise<(number | null)[][]> {
  const words = leakers.map((leaker) => variantsOf(book, leaker))
  const out: (number | null)[][] = []
  for (const [at, plan] of bundle.files.entries()) {
    const file = plan.files[0]!
    const copies = words.map((word) => renderFile(file, (id) => word.get(id) ?? 0))
    const text = await damage.run(file, copies, bundle.hosts[at] ?? '', draw)
    out.push(await readOnce(plan, text))
  }
  return out
}

const known = new WeakMap<MarkPlan, Map<string, (number | null)[]>>()

/** Most damages leave most files of a bundle alone: what was read of a text once is not read again. */
async function readOnce(plan: MarkPlan, text: string): Promise<(number | null)[]> {
  const ofPlan = known.get(plan) ?? new Map<string, (number | null)[]>()
  known.set(plan, ofPlan)
  const before = ofPlan.get(text)
  if (before !== undefined) return before
  const readings = await readSample(plan, [{ path: `found${extname(plan.files[0]?.path ?? '')}`, text }])
  const variants = readings.map(({ variant }) => variant)
  ofPlan.set(text, variants)
  return variants
}

function addTrial(
  count: Count,
  book: Codebook,
  variants: readonly (number | null)[],
  leakers: readonly string[],
  sites: number = variants.length,
): void {
  const { accusations } = trace({
    sites: book.drawn,
    reading: toSymbols(book, variants),
    copies: copiesOf(book),
    recipients: RECIPIENTS,
    alpha: ALPHA,
  })
  const guilty = accusations.filter(({ recipient }) => leakers.includes(recipient))
  count.trials++
  count.sites += sites
  count.read += variants.filter((variant) => variant !== null).length
  count.named += guilty.length > 0 ? 1 : 0
  count.innocent += accusations.length > guilty.length ? 1 : 0
}

const books = new WeakMap<Bundle, Map<number, Codebook>>()

function codebookOf(bundle: Bundle, key: number, family: BiasFamily): Codebook {
  const ofBundle = books.get(bundle) ?? new Map<number, Codebook>()
  books.set(bundle, ofBundle)
  const book = ofBundle.get(key) ?? openCodebook(bundle.plan, keyOf(key), 'bench', family)
  ofBundle.set(key, book)
  return book
}

type Copies = Parameters<typeof trace>[0]['copies']

const issued = new WeakMap<Codebook, Copies>()

function copiesOf(book: Codebook): Copies {
  const known = issued.get(book)
  if (known !== undefined) return known
  const copies = NAMES.map((recipient) => ({ recipient, symbols: symbolsOf(book, recipient) }))
  issued.set(book, copies)
  return copies
}

const NAMES = Array.from({ length: RECIPIENTS }, (_, at) => `partner-${at}`)

function someOf(count: number, draw: Draw): string[] {
  const chosen = new Set<string>()
  while (chosen.size < count) chosen.add(NAMES[Math.floor(draw() * NAMES.length)]!)
  return [...chosen]
}

/** A key that is the same in every run; those of real releases are drawn by lot. */
function keyOf(at: number): Uint8Array {
  return createHash('sha256').update(`bench key ${at}`).digest()
}

function zero(): Count {
  return { sites: 0, read: 0, trials: 0, named: 0, innocent: 0, counted: 0 }
}

function row(leak: Leak, kind: ConvictionRow['leak'], count: Count, forecasts: Forecasts): ConvictionRow {
  const { bundle, damage } = leak
  const mean = (sum: number): number => (count.trials === 0 ? 0 : sum / count.trials)
  return {
    id: `${bundle.name}/${damage.name}/${kind}`,
    bundle: bundle.name,
    damage: damage.name,
    leakers: damage.leakers,
    leak: kind,
    sites: Math.round(mean(count.sites)),
    read: Math.round(mean(count.read)),
    trials: count.trials,
    named: count.named,
    innocent: count.innocent,
    ...forecasts[kind],
    counted: thousandths(mean(count.counted)) ?? 0,
  }
}

/** Rounded as results are kept. */
function thousandths(chance: number | null): number | null {
  return chance === null ? null : Math.round(1000 * chance) / 1000
}
