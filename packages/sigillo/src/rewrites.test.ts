import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { codeword, drawSite } from '@sigillo/fingerprint/generator'
import type { DrawnSite } from '@sigillo/fingerprint/generator'
import { trace } from '@sigillo/fingerprint/trace'
import type { TraceResult } from '@sigillo/fingerprint/trace'
import { readPlan } from '@sigillo/marks/plan'
import type { MarkPlan } from '@sigillo/marks/plan'
import { readSample } from '@sigillo/marks/read-sample'
import { renderFile } from '@sigillo/marks/render'

const folder = new URL('../../../examples/leaks/rewrites/', import.meta.url)
const RELEASE = 'REL-REWRITES'
const LEAKER = 'partner-017'
const REWRITES = [
  'restructured.py',
  'objects.py',
  'minimal.py',
  'port.go',
  'port.mjs',
  'port.rb',
  'concealed.py',
  'concealed.rb',
  'Port.java',
  'concealed.mjs',
]

function text(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8')
}

let plan: MarkPlan
let sites: readonly DrawnSite[]
let copies: readonly { readonly recipient: string; readonly symbols: Uint8Array }[]

beforeAll(() => {
  plan = readPlan(text('plan.json'))
  const key = Uint8Array.from({ length: 32 }, (_, i) => i)
  sites = plan.files.flatMap((file) =>
    file.sites.map(({ id, variants }) => drawSite(key, RELEASE, { id, q: variants.length, family: 'HALF' })),
  )
  copies = Array.from({ length: 100 }, (_, i) => {
    const recipient = `partner-${String(i + 1).padStart(3, '0')}`
    return { recipient, symbols: codeword(key, RELEASE, sites, recipient) }
  })
})

async function traced(name: string): Promise<TraceResult> {
  const readings = await readSample(plan, [{ path: name, text: text(name) }])
  return trace({ sites, reading: readings.map(({ variant }) => variant), copies, recipients: copies.length })
}

describe('the Posta proof of concept, rewritten from one copy by writers who knew of no marks', () => {
  it('starts from the copy that was issued', () => {
    const word = copies.find(({ recipient }) => recipient === LEAKER)!.symbols
    const symbol = new Map(sites.map(({ id }, i) => [id, word[i]!]))
    expect(text('posta_handoff.py')).toBe(renderFile(plan.files[0]!, (id) => symbol.get(id)!))
  })

  it.each(REWRITES)('%s: that copy is named at one in a million, and no other', async (name) => {
    const { accusations } = await traced(name)
    expect(accusations.map(({ recipient }) => recipient)).toEqual([LEAKER])
    expect(accusations[0]!.p).toBeLessThan(1e-8)
  })
})
