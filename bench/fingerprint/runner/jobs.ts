import { acceptanceLines, acceptanceRowId, measureAcceptance } from '../acceptance.ts'
import type { AcceptanceJob, AcceptanceRow } from '../acceptance.ts'
import { LEAKS, levelRowId, measureLevel } from '../level.ts'
import type { LevelJob, LevelRow } from '../level.ts'
import { marksJobs } from '../marks-jobs.ts'
import { marksRowId, measureMarks } from '../marks-needed.ts'
import type { MarksJob, MarksRow } from '../marks-needed.ts'
import { measureSpeed, speedRowId } from '../speed.ts'
import type { SpeedJob, SpeedRow } from '../speed.ts'

export type Job = MarksJob | AcceptanceJob | LevelJob | SpeedJob
export type Row = MarksRow | AcceptanceRow | LevelRow | SpeedRow
export const SECTIONS = ['marks', 'acceptance', 'level', 'speed'] as const
export type SectionName = (typeof SECTIONS)[number]

/** Everything there is to measure, in order; the short form takes a few minutes. */
export function allJobs(full: boolean): Job[] {
  const trials = full ? 400 : 20
  return [
    ...marksJobs(full),
    ...acceptanceLines().map(
      (line): AcceptanceJob => ({ section: 'acceptance', line, trials: trialsOf(line.marks, trials) }),
    ),
    ...LEAKS.map((leak): LevelJob => ({ section: 'level', leak, cases: full ? 125 : 5 })),
    ...SPEED,
  ]
}

/** The names of the rows a job makes. */
export function rowIds(job: Job): string[] {
  if (job.section === 'marks') {
    return job.decoders.flatMap((decoder) => job.alphas.map((alpha) => marksRowId(job, decoder, alpha)))
  }
  if (job.section === 'acceptance') return [acceptanceRowId(job)]
  return [job.section === 'level' ? levelRowId(job) : speedRowId(job)]
}

/** What of the job is not `done` yet; null when nothing is. */
export function remaining(job: Job, done: ReadonlySet<string>): Job | null {
  if (rowIds(job).every((id) => done.has(id))) return null
  if (job.section !== 'marks') return job
  const open = job.decoders.filter((decoder) => !rowIds({ ...job, decoders: [decoder] }).every((id) => done.has(id)))
  return { ...job, decoders: open }
}

/** Does the work. */
export function runJob(job: Job): Row[] {
  if (job.section === 'marks') return measureMarks(job)
  if (job.section === 'acceptance') return measureAcceptance(job)
  return job.section === 'level' ? measureLevel(job) : measureSpeed(job)
}

const SPEED: readonly SpeedJob[] = [
  { section: 'speed', decoder: 'S', recipients: 100, marks: 256, leakers: 3, most: 0.1 },
  { section: 'speed', decoder: 'S', recipients: 500, marks: 512, leakers: 4, most: 0.1 },
  { section: 'speed', decoder: 'trace', recipients: 100, marks: 256, leakers: 3, most: 2 },
  { section: 'speed', decoder: 'trace', recipients: 500, marks: 512, leakers: 4, most: 60 },
  { section: 'speed', decoder: 'trace', recipients: 2000, marks: 300, leakers: 3, most: 60 },
]

/** Half as many trials where one takes long. */
function trialsOf(marks: number, trials: number): number {
  return marks > 400 ? trials / 2 : trials
}
