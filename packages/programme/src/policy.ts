import { durationMs } from './duration.ts'
import { ProgrammeError } from './errors.ts'
import { DEFAULT_HANDLING, type Handling, PAP, TLP, USE_RIGHTS, type UseRight } from './handling.ts'
import { isRecord } from './internal/record.ts'

/** What kinds of content a distribution holds, from least to most sensitive. */
export const PARTS = ['description', 'guidance', 'rules', 'poc'] as const
export type Part = (typeof PARTS)[number]

/** A tier: what its members may get and how long before release. */
export interface Tier {
  readonly id: string
  readonly name: string
  /** ISO 8601 duration before release per part; a part that is not named is never shared before release with this tier. */
  readonly leadTime: Readonly<Partial<Record<Part, string>>>
  /** What its members may use early material for; absent when the policy does not say. */
  readonly use?: readonly UseRight[]
}

/** Partners whose seat obliges them to report flaws to a state within days get less: the listed parts, at release. */
export interface JurisdictionRule {
  readonly id: string
  readonly countries: readonly string[]
  readonly parts: readonly Part[]
  readonly reason: string
}

/** The programme's rules as data (`sigillo-policy/1`). */
export interface Policy {
  readonly schema: 'sigillo-policy/1'
  readonly programme: string
  readonly tiers: readonly Tier[]
  readonly jurisdictions: readonly JurisdictionRule[]
  /** `required`: a partner without vetting gets nothing. A vetting that ended ends all sharing in any case. */
  readonly vetting?: 'required'
  /** How parts are to be handled, where it is not `DEFAULT_HANDLING`. */
  readonly handling?: Readonly<Partial<Record<Part, Handling>>>
}

/**
 * Checks a policy document.
 * @throws ProgrammeError `bad-policy` or `bad-duration`, naming the field
 */
export function parsePolicy(value: unknown, at: string): Policy {
  const policy = object(value, at)
  if (policy['schema'] !== 'sigillo-policy/1') throw bad(at, 'schema must be "sigillo-policy/1"')
  const tiers = list(policy['tiers'], `${at}: tiers`).map((tier, index) => parseTier(tier, `${at}: tiers[${index}]`))
  if (tiers.length === 0) throw bad(at, 'tiers must name at least one tier')
  if (new Set(tiers.map((tier) => tier.id)).size !== tiers.length) throw bad(at, 'two tiers have the same id')
  return {
    schema: 'sigillo-policy/1',
    programme: string(policy['programme'], `${at}: programme`),
    tiers,
    jurisdictions: list(policy['jurisdictions'] ?? [], `${at}: jurisdictions`).map((rule, index) =>
      parseJurisdiction(rule, `${at}: jurisdictions[${index}]`),
    ),
    ...parseVetting(policy['vetting'], at),
    ...parseHandling(policy['handling'], at),
  }
}

/** The tier of that id. @throws ProgrammeError `unknown-tier` */
export function tierOf(policy: Policy, id: string): Tier {
  const tier = policy.tiers.find((candidate) => candidate.id === id)
  if (tier === undefined) {
    throw new ProgrammeError(
      'unknown-tier',
      `tier "${id}" is not in the policy, which has ${policy.tiers.map((known) => known.id).join(', ')}`,
    )
  }
  return tier
}

/** How a part is to be handled by this policy. */
export function handlingOf(policy: Policy, part: Part): Handling {
  return policy.handling?.[part] ?? DEFAULT_HANDLING[part]
}

/**
 * The part that a file of an artefact belongs to, by its path: `poc/`, `rules/`, `guidance*`, `description*` or `advisory*`.
 * Anything else counts as `poc`, the most restricted part.
 */
export function partOf(path: string): Part {
  const first = path.split('/')[0] ?? ''
  if (first === 'rules') return 'rules'
  if (first.startsWith('guidance')) return 'guidance'
  if (first.startsWith('description') || first.startsWith('advisory')) return 'description'
  return 'poc'
}

function parseTier(value: unknown, at: string): Tier {
  const tier = object(value, at)
  const leadTime: Partial<Record<Part, string>> = {}
  for (const [part, duration] of Object.entries(object(tier['leadTime'], `${at}.leadTime`))) {
    const text = string(duration, `${at}.leadTime.${part}`)
    durationMs(text)
    leadTime[parsePart(part, `${at}.leadTime`)] = text
  }
  const use = tier['use']
  return {
    id: string(tier['id'], `${at}.id`),
    name: string(tier['name'] ?? tier['id'], `${at}.name`),
    leadTime,
    ...(use === undefined ? {} : { use: list(use, `${at}.use`).map((right) => oneOf(USE_RIGHTS, right, `${at}.use`)) }),
  }
}

function parseVetting(value: unknown, at: string): Pick<Policy, 'vetting'> {
  return value === undefined ? {} : { vetting: oneOf(['required'] as const, value, `${at}: vetting`) }
}

function parseHandling(value: unknown, at: string): Pick<Policy, 'handling'> {
  if (value === undefined) return {}
  const handling: Partial<Record<Part, Handling>> = {}
  for (const [name, labels] of Object.entries(object(value, `${at}: handling`))) {
    const part = parsePart(name, `${at}: handling`)
    const { tlp, pap } = { ...DEFAULT_HANDLING[part], ...object(labels, `${at}: handling.${part}`) }
    handling[part] = {
      tlp: oneOf(TLP, tlp, `${at}: handling.${part}`),
      pap: oneOf(PAP, pap, `${at}: handling.${part}`),
    }
  }
  return { handling }
}

function parseJurisdiction(value: unknown, at: string): JurisdictionRule {
  const rule = object(value, at)
  return {
    id: string(rule['id'], `${at}.id`),
    countries: list(rule['countries'], `${at}.countries`).map((country, index) =>
      string(country, `${at}.countries[${index}]`),
    ),
    parts: list(rule['parts'], `${at}.parts`).map((part) => parsePart(part, `${at}.parts`)),
    reason: string(rule['reason'], `${at}.reason`),
  }
}

function parsePart(value: unknown, at: string): Part {
  const part = PARTS.find((known) => known === value)
  if (part === undefined) throw bad(at, `"${String(value)}" is not a part; parts are ${PARTS.join(', ')}`)
  return part
}

function oneOf<T>(known: readonly T[], value: unknown, at: string): T {
  const found = known.find((candidate) => candidate === value)
  if (found === undefined) throw bad(at, `"${String(value)}" must be one of ${known.join(', ')}`)
  return found
}

function object(value: unknown, at: string): Record<string, unknown> {
  if (!isRecord(value)) throw bad(at, 'must be an object')
  return value
}

function list(value: unknown, at: string): readonly unknown[] {
  if (!Array.isArray(value)) throw bad(at, 'must be a list')
  return value
}

function string(value: unknown, at: string): string {
  if (typeof value !== 'string' || value.trim() === '') throw bad(at, 'must be a text')
  return value
}

function bad(at: string, what: string): ProgrammeError {
  return new ProgrammeError('bad-policy', `${at}: ${what}`)
}
