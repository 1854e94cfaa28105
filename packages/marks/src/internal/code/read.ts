import type { PlanFile, Reading, SampleFile } from '../../site.ts'
import { decide } from './candidate.ts'
import { type ClassTable, classTable } from './classes.ts'
import { locate } from './locate.ts'
import type { CodeModel } from './model.ts'
import { type Prepared, prepare } from './prepare.ts'

/** Reads every site of a plan file from a sample, both as models of one language. One reading per site, in plan order. */
export function readModels(file: PlanFile, plan: CodeModel, sample: SampleFile, model: CodeModel): Reading[] {
  const { table, planNames, known } = preparedPlan(file, plan)
  const found = prepare(model, table, planNames)
  const lineOf = lineCounter(sample.text)
  return file.sites.map((site) => {
    const { variant, start, why } = decide(locate(site, known, found), site.kind)
    const where = start === null ? null : { file: sample.path, line: lineOf(start) }
    return { site: site.id, variant, where, why }
  })
}

interface PreparedPlan {
  readonly table: ClassTable
  readonly planNames: ReadonlySet<string>
  readonly known: Prepared
}

/** A plan is read against many samples; what depends on it alone is kept as long as the plan is. */
const prepared = new WeakMap<PlanFile, PreparedPlan>()

function preparedPlan(file: PlanFile, plan: CodeModel): PreparedPlan {
  const cached = prepared.get(file)
  if (cached) return cached
  const table = classTable(file)
  const planNames = new Set([...plan.bound, ...table.names.keys()])
  const fresh = { table, planNames, known: prepare(plan, table, planNames) }
  prepared.set(file, fresh)
  return fresh
}

/** Line numbers, from 1, by offset. */
function lineCounter(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (starts[middle]! <= offset) low = middle + 1
      else high = middle
    }
    return low
  }
}
