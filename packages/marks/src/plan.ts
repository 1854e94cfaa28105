import { createHash } from 'node:crypto'
import { MarksError } from './errors.ts'
import { checkPlanFile, isRecord } from './internal/plan-shape.ts'
import type { PlanFile } from './site.ts'

/** An artefact's approved sites, frozen before any key is drawn. */
export interface MarkPlan {
  readonly schema: 'sigillo-plan/1'
  /** Name of the artefact. */
  readonly artefact: string
  /** Paths are unique; all site ids of a plan are. */
  readonly files: readonly PlanFile[]
}

/**
 * Freezes the sites of an artefact's files.
 *
 * @throws MarksError `bad-plan` when two files share a path or the sites of one do not go together
 */
export function createPlan(artefact: string, files: readonly PlanFile[]): MarkPlan {
  return parsePlan(JSON.parse(JSON.stringify({ schema: 'sigillo-plan/1', artefact, files })))
}

/** SHA-256, in lower-case hex, of the plan's canonical JSON (keys sorted, no spaces, UTF-8). */
export function planHash(plan: MarkPlan): string {
  return createHash('sha256').update(canonicalJson(plan)).digest('hex')
}

/** The plan as JSON text that `readPlan` takes back; equal plans give equal bytes. */
export function writePlan(plan: MarkPlan): string {
  return `${canonicalJson(plan)}\n`
}

/**
 * Reads a plan from JSON text and checks all of it.
 *
 * @throws MarksError `bad-plan` saying which part is wrong
 */
export function readPlan(json: string): MarkPlan {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw new MarksError('bad-plan', 'the plan is no JSON')
  }
  return parsePlan(value)
}

/**
 * Checks a decoded plan: shapes, spans inside the text, unique ids, variants that render, sites that go together.
 *
 * @throws MarksError `bad-plan` saying which part is wrong
 */
export function parsePlan(value: unknown): MarkPlan {
  if (!isRecord(value) || value['schema'] !== 'sigillo-plan/1')
    throw new MarksError('bad-plan', 'not a plan: "schema" must be "sigillo-plan/1"')
  const { artefact, files } = value
  if (typeof artefact !== 'string' || !Array.isArray(files))
    throw new MarksError('bad-plan', 'a plan needs "artefact" (text) and "files" (list)')
  const ids = new Set<string>()
  const paths = new Set<string>()
  const checked = files.map((file) => checkPlanFile(file, ids))
  for (const { path } of checked) {
    if (paths.has(path)) throw new MarksError('bad-plan', `${path} is in the plan twice`)
    paths.add(path)
  }
  return { schema: 'sigillo-plan/1', artefact, files: checked }
}

/** JSON with sorted keys and no spaces; undefined members are left out. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
}
