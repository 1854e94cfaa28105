import { describe, expect, it } from 'vitest'
import { findSites } from './find-sites.ts'
import { createPlan, type MarkPlan, parsePlan, planHash, readPlan, writePlan } from './plan.ts'

const source = `def zq(socket):
  zq_open(socket.zq_first)
  zq_send(socket.zq_second, "lantern-7")  # sigillo:mark essential lantern-7 | harbour-8 | meadow-9
`

async function plan(): Promise<MarkPlan> {
  const { file } = await findSites('a.py', source)
  expect(file.sites).toHaveLength(1)
  return createPlan('posta', [file])
}

/** A copy of decoded JSON with the value at `path` (keys and indices, dots between) replaced; undefined removes it. */
function put(target: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (Array.isArray(target)) {
    const items: unknown[] = target
    return Number(key) < items.length
      ? items.map((item, at) => (String(at) === key ? put(item, rest, value) : item))
      : [...items, value]
  }
  const entries = Object.entries(Object(target))
  const changed = put(Object.fromEntries(entries)[key], rest, value)
  return Object.fromEntries([
    ...entries.filter(([name]) => name !== key),
    ...(changed === undefined ? [] : [[key, changed]]),
  ])
}

describe('plans', () => {
  it('come back from JSON as they were', async () => {
    const one = await plan()
    expect(readPlan(writePlan(one))).toEqual(one)
  })

  it('hash the same whatever the order of keys, and differently when anything changes', async () => {
    const one = await plan()
    const turned = { files: one.files, artefact: one.artefact, schema: one.schema }
    expect(planHash(turned)).toBe(planHash(one))
    expect(planHash(one)).toMatch(/^[0-9a-f]{64}$/)
    const other = parsePlan(put(one, ['files', '0', 'sites', '0', 'variants', '1', 'shown'], 'x'))
    expect(planHash(other)).not.toBe(planHash(one))
  })

  const first = 'files.0.sites.0'
  it.each<[string, string, unknown, RegExp]>([
    ['another schema', 'schema', 'sigillo-plan/2', /schema/],
    ['no artefact', 'artefact', undefined, /artefact/],
    ['a file without a path', 'files.0.path', undefined, /path/],
    ['a span outside the text', `${first}.span.end`, 1e6, /span/],
    ['an edit outside the text', `${first}.variants.1.edits.0.span.start`, -1, /variant 1: bad edits/],
    ['an order without parts', `${first}.variants.1.order`, [1, 0], /variant 1: bad order/],
    ['one variant', `${first}.variants`, [{ shown: 'x' }], /2 to 256 variants/],
    [
      'a first variant that changes something',
      `${first}.variants.0.edits`,
      [{ span: { start: 0, end: 0 }, text: 'x' }],
      /variant 0 must be the original/,
    ],
    ['an unknown pool', `${first}.pool`, 'gold', /pool/],
    ['a survival above 1', `${first}.survival.format`, 2, /survival/],
    ['a site without an id', `${first}.id`, undefined, /no id/],
  ])('with %s are refused', async (_, path, value, message) => {
    const raw = put(await plan(), path.split('.'), value)
    expect(() => parsePlan(raw)).toThrow(message)
    expect(() => parsePlan(raw)).toThrow(expect.objectContaining({ code: 'bad-plan' }))
  })

  it('with a file, an id or a place twice are refused', async () => {
    const one = await plan()
    const { files } = one
    const again = files.map((file) => ({ ...file, sites: [] }))
    expect(() => parsePlan({ ...one, files: [...files, ...again] })).toThrow(/a\.py is in the plan twice/)
    const doubled = files.map((file) => ({ ...file, sites: [...file.sites, ...file.sites] }))
    expect(() => parsePlan({ ...one, files: doubled })).toThrow(/a\.py#essential-1 is in the plan twice/)
    const crowded = files.map((file) => ({
      ...file,
      sites: [...file.sites, ...file.sites.map((site) => ({ ...site, id: 'b' }))],
    }))
    expect(() => parsePlan({ ...one, files: crowded })).toThrow(/do not go together/)
  })

  it.each([
    '',
    'null',
    '[]',
    '{"schema":"sigillo-plan/1","artefact":"a","files":[null]}',
    '{"schema":"sigillo-plan/1","artefact":"a","files":[{"path":"x","language":"python","text":"","sites":[{}]}]}',
  ])('of the hostile text %j are refused with a clear error', (text) => {
    expect(() => readPlan(text)).toThrow(expect.objectContaining({ name: 'MarksError', code: 'bad-plan' }))
  })
})
