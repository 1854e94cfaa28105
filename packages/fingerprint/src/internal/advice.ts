import type { CapacityRequest, CapacityRow } from '../planner.ts'

/** Eight q = 16 wire values convict one leaker; with some lost in a rewrite, this many should be embedded. */
const WIRE_WANTED = 12
const SURE = 0.95

/** What the rows mean, in sentences; most important first. */
export function adviceOn(request: CapacityRequest, rows: readonly CapacityRow[]): string[] {
  const damages = [...new Set(rows.map((row) => row.damage))]
  return [
    ...damages.map((damage) => claimAfter(damage, rows)),
    ...wireAdvice(request),
    ...familyAdvice(request),
    'A group that compares its copies and rewrites every difference leaves few marks; nothing here promises more than the scrub rows say.',
  ]
}

function claimAfter(damage: string, rows: readonly CapacityRow[]): string {
  const here = rows.filter((row) => row.damage === damage)
  const alone = here.find((row) => row.leakers === 1)
  if (alone === undefined) return claimOfMerge(damage, here)
  if (alone.catchOne < SURE) {
    return `After ${damage}: about ${alone.readable} marks stay readable and even a single leaker is named with ${percent(alone)} only; add marks that survive it.`
  }
  if (here.length === 1)
    return `After ${damage}: about ${alone.readable} marks stay readable; a single leaker is named with ${percent(alone)}.`
  const merge = claimable(here, 'merge')
  const scrub = claimable(here, 'scrub')
  const more = merge > scrub && merge > 1 ? `; ${among(merge)} if they only mix their copies` : ''
  return `After ${damage}: about ${alone.readable} marks stay readable; one copy is named with at least 95 % for ${among(Math.max(1, scrub))}${more}.`
}

/** A merge as some tool makes it. */
function claimOfMerge(damage: string, rows: readonly CapacityRow[]): string {
  const claims = rows.map((row) => `one of ${row.leakers} leakers is named with ${percent(row)}`)
  return `After ${damage}: about ${rows[0]?.readable ?? 0} marks stay readable; ${claims.join(', ')}.`
}

function percent({ catchOne }: CapacityRow): string {
  return `${Math.round(100 * catchOne)} %`
}

/** The largest group, with all smaller ones, of which one copy is named with 95 %. */
function claimable(rows: readonly CapacityRow[], merging: CapacityRow['merging']): number {
  const ofKind = rows.filter((row) => row.merging === merging || row.leakers === 1)
  const failing = ofKind.find((row) => row.catchOne < SURE)
  return (failing?.leakers ?? 6) - 1
}

function among(leakers: number): string {
  return leakers === 1 ? 'a single leaker' : `up to ${leakers} leakers`
}

function wireAdvice({ pools }: CapacityRequest): string[] {
  const wire = pools.filter(({ pool, q }) => pool === 'wire' && q >= 8).reduce((sum, { count }) => sum + count, 0)
  if (wire >= WIRE_WANTED) return []
  return [
    `There are ${wire} wire values with 8 or more variants; ${WIRE_WANTED} or more of 16 let one copy be named even after a complete rewrite. Look at requests, tokens and enumerated arguments.`,
  ]
}

function familyAdvice({ family }: CapacityRequest): string[] {
  if (family !== 'HALF') return []
  return [
    'The binary marks use one even law (HALF), which needs fewest marks and proves nothing against three or more leakers; q-ary marks still count.',
  ]
}
