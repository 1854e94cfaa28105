import { z } from 'zod'

/** The programme's policy document is checked by `@sigillo/programme/policy`; here it is only carried. */
export const policyDocument: z.ZodType = z.unknown()

/** The roster; each record is checked by `@sigillo/programme/partner` when it is read. */
export const rosterDocument: z.ZodType<readonly unknown[]> = z.array(z.unknown())

/** A case: what is under embargo until when, with its chronology in the format of the case files. */
export const caseDocument = z.strictObject({
  schema: z.literal('sigillo-desk-case/1'),
  id: z.string(),
  title: z.string(),
  embargo: z.strictObject({ state: z.enum(['none', 'proposed', 'active', 'revise', 'exited']), releaseAt: z.string() }),
  chronology: z.unknown(),
  /** What an investigator stated: whether every hand-over of the case is on record. Absent until somebody did. */
  handOversComplete: z.boolean().optional(),
})
export type CaseDocument = z.infer<typeof caseDocument>

/** What running the artefact's own test on copies found. Dropped sites are no longer in the plan. */
const planTest = z.strictObject({
  command: z.string(),
  at: z.string(),
  /** Of the plan that passed. */
  planHash: z.string(),
  /** How often the command was run. */
  runs: z.number(),
  /** Random copies that passed in the end. */
  codewords: z.number(),
  dropped: z.array(
    z.strictObject({ site: z.string(), line: z.number(), kind: z.string(), shown: z.string(), why: z.string() }),
  ),
})
export type PlanTest = z.infer<typeof planTest>

const requiredLines = z.strictObject({ path: z.string(), first: z.number(), last: z.number() })
export type RequiredLines = z.infer<typeof requiredLines>

/** An artefact with its mark plan; `frozen` once a distribution has been made from it. */
export const artefactDocument = z.strictObject({
  schema: z.literal('sigillo-desk-artefact/1'),
  id: z.string(),
  case: z.string(),
  plan: z.unknown(),
  /** Command that tests a rendered copy, run with the copy's folder appended; null when the author gave none. */
  test: z.string().nullable(),
  /** Absent until the test has been run on copies. */
  tested: planTest.optional(),
  /** Values that any tool for this flaw must contain, as the author said; no mark is proposed for them. */
  required: z.array(z.string()).optional(),
  /** Lines that any tool for this flaw must have, from 1, both ends included. */
  requiredLines: z.array(requiredLines).optional(),
  warnings: z.array(z.string()),
})
export type ArtefactDocument = z.infer<typeof artefactDocument>

/** What sealing has begun to commit to. It stays, whatever became of the attempt. */
export interface SealingDocument {
  readonly schema: 'sigillo-desk-sealing/1'
  readonly id: string
  readonly case: string
  readonly planHash: string
  readonly catalogueHash: string
  readonly sites: number
  readonly family: string
  readonly key: string
  readonly commitment: string
  readonly recipients: number
  readonly startedAt: string
}

const packageRecord = z.strictObject({
  id: z.string(),
  recipient: z.string(),
  paths: z.array(z.string()),
  notBefore: z.string(),
  /** Names the package in receipts and in the log. */
  sha256: z.string(),
  bytes: z.number(),
  /** SHA-256 of the body that it shares with others; absent in packages of format 1, which have none. */
  body: z.string().optional(),
})

/** One sending of a frozen plan under one code key. The key is the secret that everything rests on: it exists only in the vault until it is opened. */
export const distributionDocument = z.strictObject({
  schema: z.literal('sigillo-desk-distribution/1'),
  id: z.string(),
  case: z.string(),
  artefact: z.string(),
  planHash: z.string(),
  plan: z.unknown(),
  family: z.enum(['HALF', 'JOINT6', 'GL6', 'GL8']),
  key: z.string(),
  commitment: z.string(),
  /** `system` randomness, or `seeded` in a rehearsal: a seeded key proves nothing to anyone. */
  randomness: z.enum(['system', 'seeded']),
  sealedAt: z.string(),
  /** Everybody a copy could name; later removals stay listed. */
  recipients: z.array(z.string()),
  packages: z.array(packageRecord),
  /** Indices in the hub's log, once committed there. */
  log: z.strictObject({ catalogue: z.number(), codebook: z.number() }).nullable(),
  pushed: z.boolean(),
  /** Index of the event that says that the code key was opened; absent until then. */
  opened: z.number().optional(),
})
export type DistributionDocument = z.infer<typeof distributionDocument>
export type PackageRecord = z.infer<typeof packageRecord>

/** How the desk reaches its hub. */
export const hubDocument = z.strictObject({
  url: z.string(),
  token: z.string(),
  logKey: z.string(),
  /** Text of the policy by which checkpoints of its log are judged; missing for none. */
  policy: z.string().optional(),
})
export type HubDocument = z.infer<typeof hubDocument>

/** The release key's secret. */
export const keyDocument = z.strictObject({ secret: z.string() })
