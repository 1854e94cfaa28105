/**
 * Forecasts again, by the planner and its figures as they are now, what was measured before: outcomes do not depend on forecasts.
 * `node --conditions=@sigillo/source bench/marks/conviction/reforecast.ts`; then `npm run bench:marks -- --write-docs`.
 */
import { familyFor, strongestFile } from '@sigillo/desk/plan-report'
import { readResults, writeResults } from '../results.ts'
import { openBundle } from './bundles.ts'
import { leakDamages } from './damages.ts'
import { forecastOf, thousandths } from './measure.ts'
import type { ConvictionRow } from './measure.ts'

const rows = readResults<ConvictionRow>('conviction')
const damages = new Map(leakDamages().map((damage) => [damage.name, damage]))
const out: ConvictionRow[] = []
for (const [name, own] of Map.groupBy(rows, (row) => row.bundle)) {
  const bundle = await openBundle(name)
  const family = familyFor(strongestFile(bundle.plan)?.sites ?? [])
  for (const row of own) {
    const damage = damages.get(row.damage)
    if (damage === undefined) throw new Error(`${row.damage} cannot be done on this machine`)
    out.push({ ...row, forecast: thousandths(forecastOf({ bundle, damage, family }, row.leak)) })
  }
}
writeResults('conviction', out)
