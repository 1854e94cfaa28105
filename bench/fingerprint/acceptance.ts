import { readFileSync } from 'node:fs'
import { decodeScene } from './decoders.ts'
import type { DecoderName } from './decoders.ts'
import { drawScene } from './scene.ts'
import type { Scene, Setting } from './scene.ts'

/** One line of `acceptance-lines.json`; what is left out is none, or one leaker. */
export interface AcceptanceLine extends Pick<Setting, 'code' | 'leakers' | 'attack'> {
  readonly id: string
  readonly decoder: DecoderName
  readonly marks: number
  readonly erased?: number
  readonly misread?: number
  readonly goal?: 'one' | 'all'
  readonly least: number
  readonly most?: number
}

/** One line to be simulated. S is decoded beside J, for the requirement that it never does much better. */
export interface AcceptanceJob {
  readonly section: 'acceptance'
  readonly line: AcceptanceLine
  readonly trials: number
}

/** What came of it. */
export interface AcceptanceRow extends AcceptanceLine {
  readonly trials: number
  /** Share of the trials that reach the goal, and the same for S where J is asked for. */
  readonly share: number
  readonly shareOfS?: number
}

const RECIPIENTS = 100
const ALPHA = 1e-6
const FIRST_SEED = 40_000
/** How much better than J decoder S may be against two leakers or more. */
export const S_OVER_J = 0.03

/** All lines, in order. */
export function acceptanceLines(): readonly AcceptanceLine[] {
  const text = readFileSync(new URL('acceptance-lines.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { lines: readonly AcceptanceLine[] }).lines
}

/** Name of a line with its number of trials. */
export function acceptanceRowId({ line, trials }: AcceptanceJob): string {
  const { id, decoder, code, leakers, attack, marks, erased = 0, misread = 0, goal = 'one' } = line
  return `${id} ${decoder} ${code} c=${leakers} ${attack} m=${marks} erased=${erased} misread=${misread} ${goal} trials=${trials}`
}

/** Simulates one line. */
export function measureAcceptance(job: AcceptanceJob): AcceptanceRow[] {
  const { line, trials } = job
  const { code, leakers, attack, marks, erased = 0, misread = 0 } = line
  const setting: Setting = { code, recipients: RECIPIENTS, leakers, attack, erased: 0, misread }
  const beside = line.decoder === 'J' && leakers > 1
  const reached = { asked: 0, S: 0 }
  for (let trial = 0; trial < trials; trial++) {
    const decoded = decodeScene(withoutLast(drawScene(setting, marks, FIRST_SEED + trial), erased))
    const reaches = (decoder: DecoderName): boolean => {
      const caught = decoded.leakerP(decoder, marks).map((p) => p <= ALPHA / RECIPIENTS)
      return line.goal === 'all' ? !caught.includes(false) : caught.includes(true)
    }
    if (reaches(line.decoder)) reached.asked++
    if (beside && reaches('S')) reached.S++
  }
  const row = { ...line, id: acceptanceRowId(job), trials, share: reached.asked / trials }
  return [beside ? { ...row, shareOfS: reached.S / trials } : row]
}

function withoutLast(scene: Scene, share: number): Scene {
  const left = Math.round(scene.reading.length * (1 - share))
  return { ...scene, reading: scene.reading.map((symbol, i) => (i < left ? symbol : null)) }
}

/** Whether a row keeps its line; with few trials, up to three standard deviations of luck are allowed for. */
export function keepsLine({ share, least, most = 1, trials, shareOfS = 0 }: AcceptanceRow): boolean {
  const margin = (p: number): number => (trials >= 400 ? 0 : 3 * Math.sqrt((p * (1 - p)) / trials))
  return share >= least - margin(least) && share <= most + margin(most) && shareOfS - share <= S_OVER_J
}
