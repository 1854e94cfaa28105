/**
 * Forecasts again, by the planner and its figures as they are now, what was measured before: outcomes do not depend on forecasts. With `--rehearse` leaks are
 * played through again too, which takes minutes.
 * `node --conditions=@sigillo/source bench/marks/conviction/reforecast.ts`; then `npm run bench:marks -- --write-docs`.
 */
import { parseArgs } from 'node:util'
import { familyFor, strongestFile } from '@sigillo/desk/plan-report'
import { readResults, writeResults } from '../results.ts'
import { openBundle } from './bundles.ts'
import { leakDamages } from './damages.ts'
import { figuresOf, forecastsOf } from './measure.ts'
import type { ConvictionRow } from './measure.ts'

const { values } = parseArgs({ options: { rehearse: { type: 'boolean', default: false } } })
const rows = readResults<ConvictionRow>('conviction')
const damages = new Map(leakDamages().map((damage) => [damage.name, damage]))
const out: ConvictionRow[] = []
for (const [bundleName, own] of Map.groupBy(rows, (row) => row.bundle)) {
  const bundle = await openBundle(bundleName)
  const family = familyFor(strongestFile(bundle.plan)?.sites ?? [])
  for (const [name, same] of Map.groupBy(own, (row) => row.damage)) {
    const damage = damages.get(name)
    if (damage === undefined) throw new Error(`${name} cannot be done on this machine`)
    const leak = { bundle, damage, family }
    const forecasts = values.rehearse ? await forecastsOf(leak) : null
    out.push(...same.map((row) => ({ ...row, ...(forecasts?.[row.leak] ?? { forecast: figuresOf(leak, row.leak) }) })))
  }
}
writeResults('conviction', out)
