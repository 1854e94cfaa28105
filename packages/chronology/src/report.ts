import type { CaseHistory } from './case-history.ts'
import type { ExplanationId } from './explanations.ts'
import type { Prior } from './priors.ts'
import type { WaveKind } from './waves.ts'

/** How far a wave is explained. `settled` and `likely` are never reached by dates alone when the explanation accuses somebody. */
export type Verdict = 'settled' | 'likely' | 'contested' | 'open'

/** Bounds as ISO 8601 in UTC; `null` for an open bound. */
export interface ReportInterval {
  readonly earliest: string | null
  readonly latest: string | null
}

/** One explanation of one wave. */
export interface ReportExplanation {
  readonly id: ExplanationId
  /** `excluded`: impossible under every reading of the disputed dates; `required`: all others are excluded. */
  readonly status: 'excluded' | 'possible' | 'required'
  /** 0 to 1 under the printed priors; 0 when excluded. The posteriors of a wave and its `unlisted` add up to 1. */
  readonly posterior: number
  /** The events that decide or carry it. */
  readonly because: readonly string[]
  /** A plain sentence fragment saying why. */
  readonly reason: string
}

/** One wave and what explains it. */
export interface ReportWave {
  readonly id: string
  readonly kind: WaveKind
  readonly doubtful: boolean
  readonly start: ReportInterval
  readonly events: readonly string[]
  /** The least number of actors. */
  readonly actors: number
  /** What its events have in common when attacks were split by actor or technique, else `null`. */
  readonly by: string | null
  readonly verdict: Verdict
  /** The explanation or the group of inseparable explanations with the largest posterior. */
  readonly leading: readonly ExplanationId[]
  readonly explanations: readonly ReportExplanation[]
  /** The posterior of "none of the listed". */
  readonly unlisted: number
  /** What the leading group hangs on: priors which, ten times larger or smaller, change it; single events without which it changes; disputed events whose reading changes it or a status. */
  readonly dependsOn: {
    readonly priors: readonly ExplanationId[]
    readonly disputedDates: readonly string[]
    /** Events without which another explanation would lead. */
    readonly events: readonly string[]
  }
  /** Content evidence and exclusions that the caller supplied, by source. */
  readonly evidence: readonly string[]
}

/** A duration between two milestones. Days; negative when the second may come first. */
export interface ReportDelay {
  readonly id: string
  readonly from: string
  readonly to: string
  /** Bounds between the two best attested events. */
  readonly days: { readonly min: number | null; readonly max: number | null }
  /** Difference of the two nominal days. */
  readonly calendarDays: number
  /** The same delay in the known cases other than this one: how many have it, in how many it was shorter, the median in calendar days; `null` when no other case has it. */
  readonly corpus: { readonly cases: number; readonly shorter: number; readonly median: number } | null
  /** Bounds over every reading of the dates that are disputed. */
  readonly everyReading: { readonly min: number | null; readonly max: number | null }
}

/** Events that contradict each other: `sources` say different things, or the `order` is impossible. All are kept. */
export interface ReportConflict {
  readonly kind: 'sources' | 'order'
  readonly events: readonly string[]
  readonly says: string
}

/** The case in the case-state model of coordinated disclosure (case-history.ts). */
export interface ReportHistory {
  /** The admissible histories that the dates allow, such as `VFPDXA`, out of 70. */
  readonly histories: readonly string[]
  readonly desired: CaseHistory['desired']
  readonly zeroDays: CaseHistory['zeroDays']
  /** How many of the twelve desired orderings are met, and how often luck alone does as well. */
  readonly met: CaseHistory['met']
  readonly luck: CaseHistory['luck']
}

/** What explainCase returns: plain JSON. */
export interface ChronologyReport {
  /** The case's id. */
  readonly case: string
  readonly title: string
  readonly delays: readonly ReportDelay[]
  readonly conflicts: readonly ReportConflict[]
  readonly waves: readonly ReportWave[]
  readonly history: ReportHistory
  /** The least certain verdict among the waves that do not rest on doubtful events only; `open` without any. */
  readonly verdict: Verdict
  readonly wouldSettle: readonly string[]
  /** The priors used, with their sources. */
  readonly priors: { readonly attack: readonly Prior[]; readonly exposure: readonly Prior[] }
  /** How many readings of disputed dates were tried, and how many there are. */
  readonly readings: { readonly tried: number; readonly of: number }
  /** How many single events were left out to see what depends on them, and how many could matter. */
  readonly leftOut: { readonly tried: number; readonly of: number }
}
