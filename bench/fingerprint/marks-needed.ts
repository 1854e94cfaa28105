import { PEERS, decodeScene, isPeer } from './decoders.ts'
import type { DecoderName, PeerName } from './decoders.ts'
import { trueLevel } from './peers/peer.ts'
import { alphabetsOf, drawScene, evidenceOf } from './scene.ts'
import type { Code, Scene, Setting } from './scene.ts'
import { lengthsUpTo, shortestLength } from './shortest.ts'

/** How many marks one decoder needs in one setting. */
export interface MarksRow extends Setting {
  readonly id: string
  readonly decoder: DecoderName
  /** Naming one leaker, or all of them. */
  readonly goal: 'one' | 'all'
  readonly alpha: number
  readonly trials: number
  /** Marks for a chance of 50, 95 and 99 % (embedded sites, before anything is erased); null: more than `limit`. */
  readonly marks: readonly (number | null)[]
  /** 95 % confidence interval of the middle figure. */
  readonly between: readonly (number | null)[]
  readonly limit: number
  /** Peers only: the chance that some innocent copy is accused at these lengths, exact given each leak, mean over the trials; alpha is what it should be. */
  readonly falseAccusation?: number
}

/** What is asked about one setting; every decoder and level sees the same leaks. */
export interface MarksJob {
  readonly section: 'marks'
  readonly setting: Setting
  readonly decoders: readonly DecoderName[]
  readonly alphas: readonly number[]
  readonly goal: 'one' | 'all'
  readonly trials: number
}

/** Name of a row: all that it depends on. */
export function marksRowId({ setting, goal, trials }: MarksJob, decoder: DecoderName, alpha: number): string {
  const { code, recipients, leakers, attack, erased, misread } = setting
  const damage = `erased=${erased} misread=${misread}`
  return `${code} N=${recipients} c=${leakers} ${attack} ${damage} ${goal} alpha=${alpha} ${decoder} trials=${trials}`
}

/** Measures the marks needed: for each trial the shortest prefix of the code that convicts, then quantiles over the trials. */
export function measureMarks(job: MarksJob): MarksRow[] {
  const limit = limitFor(job.setting, job.goal)
  const columns = job.alphas.flatMap((alpha) =>
    job.decoders.map((decoder) => ({ decoder, alpha, found: [] as number[], levels: [] as number[] })),
  )
  const lengths = lengthsUpTo(limit)
  for (let trial = 0; trial < job.trials; trial++) {
    const scene = drawScene(job.setting, limit, FIRST_SEED + trial)
    const decoded = decodeScene(scene)
    for (const { decoder, alpha, found, levels } of columns) {
      const threshold = alpha / job.setting.recipients
      const convicts = (marks: number): boolean => {
        const caught = decoded.leakerP(decoder, marks).map((p) => p <= threshold)
        return job.goal === 'one' ? caught.includes(true) : !caught.includes(false)
      }
      const marks = shortestLength(lengths, guessFrom(found, limit), convicts)
      found.push(marks)
      if (isPeer(decoder)) levels.push(falseAccusation(scene, marks, decoder, threshold))
    }
  }
  return columns.map(({ decoder, alpha, found, levels }) => ({
    id: marksRowId(job, decoder, alpha),
    ...job.setting,
    decoder,
    goal: job.goal,
    alpha,
    trials: job.trials,
    ...quantiles(found),
    limit,
    ...(levels.length === 0 ? {} : { falseAccusation: Number(mean(levels).toPrecision(3)) }),
  }))
}

const FIRST_SEED = 20_000

/** Longest code simulated, by number of leakers: some four times what the best decoder needs at 95 %. */
const LIMITS: Readonly<Record<Code, readonly number[]>> = {
  HALF: [160, 700, 1500, 2400, 2400],
  JOINT6: [300, 1000, 1600, 2400, 2400],
  GL6: [300, 1000, 1600, 2400, 2400],
  GL8: [300, 1000, 1600, 2400, 2400],
  q4: [100, 400, 1000, 1200, 1200],
  q8: [60, 400, 1000, 1000, 1000],
  q16: [40, 500, 1000, 1000, 1000],
  q64: [24, 600, 600, 600, 600],
  'q16+3GL6': [160, 800, 1600, 2400, 2400],
}

function limitFor({ code, leakers, attack, erased, misread }: Setting, goal: MarksJob['goal']): number {
  const base = LIMITS[code][leakers - 1] ?? 2400
  const more = (attack === 'erasedet' ? 2 : 1) * (goal === 'all' ? 2 : 1) * (1 + 10 * misread)
  return Math.ceil((base * more) / (1 - erased))
}

/** Starts near the middle of the trials so far. */
function guessFrom(found: readonly number[], limit: number): number {
  const middle = found.toSorted((a, b) => a - b)[found.length >> 1] ?? limit / 8
  return Math.min(middle, limit)
}

function falseAccusation(scene: Scene, marks: number, peer: PeerName, threshold: number): number {
  if (!Number.isFinite(marks)) return 0
  const { recipients, leakers } = scene.setting
  const level = trueLevel(evidenceOf(scene, marks), alphabetsOf(scene, marks), PEERS[peer], threshold)
  return -Math.expm1((recipients - leakers) * Math.log1p(-level))
}

function quantiles(found: readonly number[]): Pick<MarksRow, 'marks' | 'between'> {
  const sorted = found.toSorted((a, b) => a - b)
  const at = (rank: number): number | null => {
    const value = sorted[Math.min(sorted.length, Math.max(1, rank)) - 1]!
    return Number.isFinite(value) ? value : null
  }
  const spread = 1.96 * Math.sqrt(sorted.length * 0.95 * 0.05)
  const middle = 0.95 * sorted.length
  return {
    marks: [0.5, 0.95, 0.99].map((share) => at(Math.ceil(share * sorted.length - 1e-9))),
    between: [at(Math.floor(middle - spread)), at(Math.ceil(middle + spread) + 1)],
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
