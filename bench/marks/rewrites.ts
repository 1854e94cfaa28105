import { readFileSync, readdirSync } from 'node:fs'
import { codeword, drawSite } from '@sigillo/fingerprint/generator'
import { trace } from '@sigillo/fingerprint/trace'
import { readPlan } from '@sigillo/marks/plan'
import { readSample } from '@sigillo/marks/read-sample'
import { markdownTable } from '../fingerprint/markdown.ts'

// By which marks each rewrite of the Posta proof of concept gives its copy away. Run: node --conditions=@sigillo/source bench/marks/rewrites.ts

const folder = new URL('../../examples/leaks/rewrites/', import.meta.url)
const KINDS = ['derived', 'essential', 'preference', 'tuning', 'self-naming', 'structural', 'name']
const plan = readPlan(readFileSync(new URL('plan.json', folder), 'utf8'))
const key = Uint8Array.from({ length: 32 }, (_, i) => i)
const planned = plan.files.flatMap((file) => file.sites)
const sites = planned.map(({ id, variants }) =>
  drawSite(key, 'REL-REWRITES', { id, q: variants.length, family: 'HALF' }),
)
const copies = Array.from({ length: 100 }, (_, i) => {
  const recipient = `partner-${String(i + 1).padStart(3, '0')}`
  return { recipient, symbols: codeword(key, 'REL-REWRITES', sites, recipient) }
})
const truth = copies[16]!.symbols

const rows = []
for (const name of readdirSync(folder).filter((each) => /\.(py|go|rb|mjs|java)$/.test(each))) {
  const sample = { path: name, text: readFileSync(new URL(name, folder), 'utf8') }
  const reading = (await readSample(plan, [sample])).map(({ variant }) => variant)
  const cells = KINDS.map((kind) => {
    const of = planned.flatMap((site, i) => (kind === (site.pool === 'wire' ? site.kind : site.pool) ? [i] : []))
    const right = of.filter((i) => reading[i] === truth[i]).length
    const wrong = of.filter((i) => reading[i] !== null && reading[i] !== truth[i]).length
    return `${right}${wrong === 0 ? '' : ` (${wrong} wrong)`} of ${of.length}`
  })
  const { accusations } = trace({ sites, reading, copies, recipients: copies.length })
  rows.push([name, ...cells, accusations.map(({ recipient, p }) => `${recipient}, ${p.toExponential(0)}`).join('; ')])
}
process.stdout.write(`${markdownTable(['program', ...KINDS, 'named, p'], rows)}\n`)
