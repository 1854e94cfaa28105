import type { ChronologyOptions, OpenedDistribution, SiteReading } from '../content.ts'

/** Names and prefixes of the members of a dossier. */
export const MEMBERS: Readonly<Record<MemberName, string>> = {
  readme: 'README.txt',
  report: 'report.html',
  claims: 'claims.json',
  checkpoint: 'checkpoint',
  manifest: 'manifest.note',
  caseFile: 'chronology/case.json',
  options: 'chronology/options.json',
  explanation: 'chronology/explanation.json',
}

type MemberName = 'readme' | 'report' | 'claims' | 'checkpoint' | 'manifest' | 'caseFile' | 'options' | 'explanation'

/** `schema` of claims.json: the version of the whole container. */
export const DOSSIER_SCHEMA = 'sigillo-dossier/1'

/** Ids that become file names. */
export const ID: RegExp = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

/** A match as it lies in a dossier: the result is only claimed, as portable JSON. */
export interface StoredMatch {
  readonly id: string
  readonly distribution: string
  readonly samples: readonly string[]
  readonly readings: readonly SiteReading[]
  readonly candidates: readonly string[]
  readonly alpha: number
  readonly leadAlpha: number
  readonly result: unknown
  /** Recipients that the claimed result accuses. */
  readonly accused: readonly string[]
  /** Recipients that it accuses or leads to. */
  readonly named: readonly string[]
}

/** A proof file of the dossier. */
export interface StoredProof {
  readonly path: string
  readonly bytes: Uint8Array
}

/** The content of a dossier, parsed and well-formed, nothing in it checked. */
export interface DecodedDossier {
  readonly programme: string
  readonly case: string
  readonly title: string
  readonly createdAt: string
  readonly investigatorKey: string
  readonly logKey: string | null
  readonly distributions: readonly OpenedDistribution[]
  readonly matches: readonly StoredMatch[]
  readonly chronology: {
    readonly caseFile: unknown
    readonly options: ChronologyOptions
    readonly report: unknown
  } | null
  readonly checkpoint: Uint8Array | null
  readonly proofs: readonly StoredProof[]
  readonly receipts: readonly StoredProof[]
  readonly replies: readonly StoredProof[]
}
