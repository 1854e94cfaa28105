import { decodeSingle } from '@sigillo/fingerprint/single'
import { trace } from '@sigillo/fingerprint/trace'
import { drawScene, evidenceOf } from './scene.ts'

export interface SpeedJob {
  readonly section: 'speed'
  readonly decoder: 'trace' | 'S'
  readonly recipients: number
  readonly marks: number
  readonly leakers: number
  readonly most: number
}

export interface SpeedRow extends SpeedJob {
  readonly id: string
  /** Seconds of one core: the first call, and the median of the calls after it. */
  readonly first: number
  readonly median: number
  /** Largest resident memory of the process, MB. */
  readonly memory: number
}

const CALLS = 5

/** Name of a row. */
export function speedRowId({ decoder, recipients, marks, leakers }: SpeedJob): string {
  return `${decoder} N=${recipients} m=${marks} c=${leakers}`
}

/** Times one decoder on GL6 copies merged by interleaving. Meant for a process of its own: see `speed-child.ts`. */
export function measureSpeed(job: SpeedJob): SpeedRow[] {
  const { recipients, marks, leakers } = job
  const setting = { code: 'GL6', recipients, leakers, attack: 'interleave', erased: 0, misread: 0 } as const
  const times = Array.from({ length: 1 + CALLS }, (_, call) => {
    const scene = drawScene(setting, marks, 60_000 + call)
    const evidence = evidenceOf(scene, marks)
    const before = process.cpuUsage()
    if (job.decoder === 'S') decodeSingle(evidence)
    else trace({ ...scene, recipients })
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1e6
  })
  const [first, ...rest] = times
  const median = rest.sort((a, b) => a - b)[CALLS >> 1]!
  const memory = Math.round(process.resourceUsage().maxRSS / 1024)
  return [{ ...job, id: speedRowId(job), first: round(first!), median: round(median), memory }]
}

function round(seconds: number): number {
  return Number(seconds.toPrecision(2))
}
