import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findSites } from '../../find-sites.ts'
import { excerpt } from '../../leak/edits.ts'
import { createPlan } from '../../plan.ts'
import { readSample } from '../../read-sample.ts'
import { renderFile } from '../../render.ts'

// One class with 150 methods, which somebody else wrote.
const source = readFileSync(join(import.meta.dirname, '../../../../../node_modules/commander/lib/command.js'), 'utf8')

it('a piece from the middle of one method of a class to the middle of another is read as if the class were around it', async () => {
  const { file } = await findSites('command.js', source)
  const plan = createPlan('commander', [file])
  const word = new Map(file.sites.map(({ id, variants }, at) => [id, at % variants.length]))
  const copy = renderFile(file, (id) => word.get(id) ?? 0)
  const read = { alone: 0, within: 0 }
  for (const start of [0.15, 0.35, 0.55, 0.75]) {
    const piece = excerpt(copy, '', () => start)
    const alone = await readSample(plan, [{ path: 'a.js', text: piece }])
    const within = await readSample(plan, [{ path: 'a.js', text: `class Command { parse() {\n${piece}` }])
    for (const reading of [...alone, ...within])
      if (reading.variant !== null) expect(reading.variant).toBe(word.get(reading.site))
    read.alone += alone.filter(({ variant }) => variant !== null).length
    read.within += within.filter(({ variant }) => variant !== null).length
  }
  expect(read.within).toBeGreaterThan(100)
  expect(read.alone).toBeGreaterThanOrEqual(0.94 * read.within)
})
