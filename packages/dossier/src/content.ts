import type { ExplainOptions } from '@sigillo/chronology/explain'
import type { ChronologyReport } from '@sigillo/chronology/report'
import type { CodeSite } from '@sigillo/fingerprint/generator'
import type { TraceResult } from '@sigillo/fingerprint/trace'
import type { NoteSigner } from '@sigillo/seal/ed25519'

/** One distribution with its code key opened: from here on everybody can recompute every copy's codeword. */
export interface OpenedDistribution {
  /** The distribution's id, which is also the release name in the code generator. */
  readonly id: string
  /** K, 32 bytes. */
  readonly key: Uint8Array
  /** What was published before delivery, 64 hexadecimal digits. */
  readonly commitment: string
  /** Hash of the frozen plan, 64 hexadecimal digits. */
  readonly planHash: string
  /** All sites of the plan, in plan order. */
  readonly sites: readonly CodeSite[]
  /** N: how many recipients the distribution had. */
  readonly recipients: number
}

/** What was read at one site and where. */
export interface SiteReading {
  readonly site: string
  readonly variant: number | null
  readonly where: { readonly file: string; readonly line: number } | null
  readonly why: string
}

/** One trace: a sample read blind against one distribution, and what the decoder made of it. */
export interface Match {
  /** `^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`, unique in the dossier. */
  readonly id: string
  /** Id of an `OpenedDistribution` of the dossier. */
  readonly distribution: string
  /** SHA-256 of each sample, 64 hexadecimal digits. The samples themselves stay out. */
  readonly samples: readonly string[]
  /** One for each site of the distribution, in plan order. */
  readonly readings: readonly SiteReading[]
  /** Opaque ids of the copies that were tested. */
  readonly candidates: readonly string[]
  readonly result: TraceResult
}

/** The options of `explainCase` that a dossier can carry: own priors and wave boundaries are not among them. */
export type ChronologyOptions = Pick<ExplainOptions, 'evidence' | 'ruledOut' | 'completeFor' | 'maxReadings'>

/** The chronology and what was concluded from it. */
export interface Chronology {
  /** A case file (`sigillo-case/1`) as parsed JSON. */
  readonly caseFile: unknown
  readonly options?: ChronologyOptions
  readonly report: ChronologyReport
}

/** What somebody who is named, or anybody concerned, answered. Text, added as it came. */
export interface Reply {
  /** File name below `reply/`. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** Everything that goes into a dossier. */
export interface DossierInput {
  readonly programme: string
  readonly case: string
  readonly title: string
  /** RFC 3339, UTC. */
  readonly createdAt: string
  readonly investigator: NoteSigner
  /** The log's C2SP vkey, for readers without a policy; `null` when nothing was logged. */
  readonly logKey: string | null
  /**
   * c2sp.org/tlog-proof files with the event's opening as `extra`, all under one checkpoint. Of the copies, only those of recipients whom a match names:
   * others have no place in a dossier.
   */
  readonly events: readonly Uint8Array[]
  readonly distributions: readonly OpenedDistribution[]
  readonly matches: readonly Match[]
  readonly chronology: Chronology | null
  /** Signed receipts of recipients whom a match names. */
  readonly receipts?: readonly Uint8Array[]
  readonly replies?: readonly Reply[]
}
