import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PositionEncoding, Workspace } from '@astral-sh/ruff-wasm-nodejs'
import { fc, test as property } from '@fast-check/vitest'
import { transformSync } from 'esbuild'
import { minify } from 'terser'
import { beforeAll, describe, expect, it } from 'vitest'
import { findSites } from './find-sites.ts'
import { createPlan, type MarkPlan } from './plan.ts'
import { readSample } from './read-sample.ts'
import { renderFile } from './render.ts'
import type { Reading } from './site.ts'

const bundle = join(import.meta.dirname, '../../../examples/posta/bundle/poc')
const host = readFileSync(join(import.meta.dirname, '../../../node_modules/acorn/dist/acorn.js'), 'utf8')
const ruff = new Workspace({}, PositionEncoding.Utf16)
const hasDiff = spawnSync('diff', ['--version']).status === 0
if (!hasDiff) console.warn('SKIPPED: line-wise merges (install diffutils)')

let plan: MarkPlan
beforeAll(async () => {
  const files = await Promise.all(
    ['posta_handoff.py', 'posta_handoff.mjs'].map(async (name) => {
      const { file } = await findSites(`poc/${name}`, readFileSync(join(bundle, name), 'utf8'))
      return file
    }),
  )
  plan = createPlan('posta', files)
})

type Codeword = ReadonlyMap<string, number>

function codeword(seed: number): Codeword {
  let state = seed
  const word = new Map<string, number>()
  for (const site of plan.files.flatMap((file) => file.sites)) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    word.set(site.id, Math.floor((state / 2 ** 32) * site.variants.length))
  }
  return word
}

function copy(at: number, word: Codeword): string {
  const file = plan.files[at]
  return file ? renderFile(file, (id) => word.get(id)!) : ''
}

function told(readings: readonly Reading[]): Reading[] {
  return readings.filter((reading) => reading.variant !== null)
}

function wrong(readings: readonly Reading[], ...words: readonly Codeword[]): Reading[] {
  return told(readings).filter((reading) => words.every((word) => word.get(reading.site) !== reading.variant))
}

/** Every third of the top-level blocks of a Python text. */
function third(text: string): string {
  const blocks = text.split(/^(?=def |class |[A-Z_]+ = )/m)
  return blocks.filter((_, at) => at % 9 < 3).join('')
}

/** Unchanged groups as they are, changed ones from the one side and the other by turns. */
function eitherSide(group: string, at: number): string {
  if (group.startsWith('=')) return group.slice(1)
  return group.slice(1).split('\u0002')[(at >> 1) % 2] ?? ''
}

/** A line-wise merge that takes each differing stretch from either side by turns. */
function merged(one: string, two: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'merge-'))
  try {
    writeFileSync(join(folder, 'a'), one)
    writeFileSync(join(folder, 'b'), two)
    const formats = ['--unchanged-group-format==%=\u0001', '--changed-group-format=<%<\u0002%>\u0001']
    const { stdout } = spawnSync('diff', ['-d', ...formats, join(folder, 'a'), join(folder, 'b')], { encoding: 'utf8' })
    return stdout.split('\u0001').map(eitherSide).join('')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What `git merge-file --union` makes of two copies: where both differ from the original, the lines of the one, then those of the other. */
function lineUnion(original: string, one: string, two: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'union-'))
  try {
    const paths = [one, original, two].map((text, at) => {
      writeFileSync(join(folder, `${at}`), text)
      return join(folder, `${at}`)
    })
    return spawnSync('git', ['merge-file', '-p', '--union', ...paths], { encoding: 'utf8' }).stdout
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Lines of a text from one share of it to another. */
const piece = (text: string, from: number, to: number): string[] => {
  const lines = text.split('\n')
  return lines.slice(Math.floor(from * lines.length), Math.floor(to * lines.length))
}

describe('a piece pasted where it breaks what is around it', () => {
  const strange = Array.from({ length: 300 }, (_, at) => `gauge_${at} = telemetry_widget(${at})`)

  it('into the middle of a comment or string, is read as if it stood alone', async () => {
    const word = codeword(41)
    const cut = piece(copy(0, word), 0.4, 0.7)
    const alone = await readSample(plan, [{ path: 'a.py', text: cut.join('\n') }])
    const text = [...strange, '"""', ...cut, '"""', ...strange].join('\n')
    const readings = await readSample(plan, [{ path: 'a.py', text }])
    expect(told(readings).length).toBeGreaterThanOrEqual(0.9 * told(alone).length)
    expect(told(alone).length).toBeGreaterThan(40)
    expect(wrong(readings, word)).toEqual([])
    const at = (all: readonly Reading[]): Map<string, number> =>
      new Map(told(all).map(({ site, where }) => [site, where?.line ?? 0]))
    const lines = at(readings)
    for (const [site, line] of at(alone)) expect(lines.get(site) ?? line + 301).toBe(line + 301)
  })

  it('begins in the middle of a string: what follows is read nevertheless', async () => {
    const word = codeword(41)
    const cut = piece(copy(0, word), 0.4, 0.7)
    const alone = told(await readSample(plan, [{ path: 'a.py', text: cut.join('\n') }]))
    const readings = await readSample(plan, [{ path: 'a.py', text: ['the end of a text', '"""', ...cut].join('\n') }])
    expect(told(readings).length).toBeGreaterThanOrEqual(0.9 * alone.length)
    expect(wrong(readings, word)).toEqual([])
  })
})

describe('readSample', () => {
  it('gives one reading per site of the plan, in plan order, with the place of each', async () => {
    const readings = await readSample(plan, [{ path: 'x.py', text: copy(0, codeword(1)) }])
    expect(readings.map((reading) => reading.site)).toEqual(
      plan.files.flatMap((file) => file.sites.map((site) => site.id)),
    )
    const { where } = told(readings)[0]!
    expect(where?.file).toBe('x.py')
    expect(copy(0, codeword(1)).split('\n').length).toBeGreaterThan(where?.line ?? Number.POSITIVE_INFINITY)
  })

  it.each(['dump.bin', 'posta.mjs', ''])('reads by content when the name is %j', async (path) => {
    const word = codeword(2)
    const readings = await readSample(plan, [{ path, text: copy(0, word) }])
    expect(told(readings)).toHaveLength(plan.files[0]?.sites.length ?? 0)
    expect(wrong(readings, word)).toEqual([])
  })

  it('reads a whole bundle at once', async () => {
    const word = codeword(3)
    const samples = [0, 1].map((at) => ({ path: `found-${at}`, text: copy(at, word) }))
    expect((await readSample(plan, samples)).map((reading) => reading.variant)).toEqual([...word.values()])
  })

  it('reads a third of the functions, pasted into another tool and formatted', async () => {
    const word = codeword(4)
    const tool = 'import sys\n\n\ndef banner(stream):\n    stream.write("unrelated tool\\n")\n\n\n'
    const readings = await readSample(plan, [{ path: 'tool.py', text: ruff.format(tool + third(copy(0, word))) }])
    expect(wrong(readings, word)).toEqual([])
    expect(told(readings).length).toBeGreaterThan(35)
  })

  it('reads the wire values of a minified and mangled JavaScript copy', async () => {
    const word = codeword(5)
    const { code } = await minify(copy(1, word), { module: true, toplevel: true, compress: true, mangle: true })
    const readings = await readSample(plan, [{ path: 'm.js', text: code! }])
    expect(wrong(readings, word)).toEqual([])
    const wire = plan.files[1]?.sites.filter((site) => site.pool === 'wire').map((site) => site.id) ?? []
    expect(told(readings).filter((reading) => wire.includes(reading.site)).length).toBeGreaterThan(0.9 * wire.length)
  })

  it.skipIf(!hasDiff)('reads from a line-wise merge only what one of the two copies said', async () => {
    const [one, two] = [codeword(6), codeword(7)]
    const text = merged(copy(0, one), copy(0, two))
    const readings = await readSample(plan, [{ path: 'm.py', text }])
    expect(wrong(readings, one, two)).toEqual([])
    expect(told(readings).length).toBeGreaterThan(0.4 * (plan.files[0]?.sites.length ?? 0))
    expect(new Set(readings.map((reading) => reading.why))).toContain('both variants found')
  })

  it('reads copies of merged files that parse no more, beside samples of the same language', async () => {
    const text = readFileSync(join(import.meta.dirname, '../../../node_modules/commander/lib/command.js'), 'utf8')
    const { file } = await findSites('command.js', text)
    const one = createPlan('command', [file])
    const words = [1, 2].map(
      (seed) => new Map(file.sites.map(({ id }, at) => [id, (Math.imul(at + 1, 0x9e3779b1 * seed) >>> 9) % 2])),
    )
    const [a, b] = words.map((word) => renderFile(file, (id) => word.get(id) ?? 0))
    const both = lineUnion(file.text, a ?? '', b ?? '')
    for (const samples of [[both], [both, host]]) {
      const readings = await readSample(
        one,
        samples.map((found, at) => ({ path: `${at}.js`, text: found })),
      )
      expect(wrong(readings, ...words)).toEqual([])
      expect(told(readings).length).toBeGreaterThan(0.2 * file.sites.length)
    }
  })

  it('reads compiled TypeScript though the plan has files in JavaScript', async () => {
    const source = join(import.meta.dirname, '../../../node_modules/zod/src/v4/core/to-json-schema.ts')
    const { file } = await findSites('src/schema.ts', readFileSync(source, 'utf8'))
    const mixed = createPlan('zod', [file, plan.files[1]!])
    const word = new Map(file.sites.map(({ id }, at) => [id, at % 2]))
    const { code } = transformSync(
      renderFile(file, (id) => word.get(id) ?? 0),
      { loader: 'ts' },
    )
    const readings = await readSample(mixed, [{ path: 'found.js', text: code }])
    expect(wrong(readings, word)).toEqual([])
    expect(told(readings).length).toBeGreaterThan(0.6 * file.sites.length)
  })

  it('leaves unread what two samples say differently', async () => {
    const [one, two] = [codeword(8), codeword(9)]
    const samples = [one, two].map((word, at) => ({ path: `${at}.py`, text: copy(0, word) }))
    const readings = (await readSample(plan, samples)).filter((reading) => reading.site.includes('.py#'))
    for (const reading of readings) {
      const [a, b] = [one.get(reading.site), two.get(reading.site)]
      expect(reading.variant).toBe(a === b ? a : null)
      if (a !== b) expect(reading.why).toBe('the samples disagree')
    }
  })

  it.each([
    ['unrelated JavaScript', host],
    ['prose', 'The gateway answered with a ticket. We then took over the session of the administrator.\n'.repeat(30)],
    ['nothing', ''],
    ['bytes', '\0\u0001\ufffd'.repeat(500)],
  ])('says nothing about %s', async (_, text) => {
    expect(told(await readSample(plan, [{ path: 'x', text }]))).toEqual([])
    expect(told(await readSample(plan, []))).toEqual([])
  })

  it('refuses to read what is too large, without harm', async () => {
    const readings = await readSample(plan, [{ path: 'x.py', text: 'x = 1\n'.repeat(800_000) }])
    expect(told(readings)).toEqual([])
  })

  it('never takes a value that another file of the plan may have put there', async () => {
    const mark = 'essential posta-lantern/7.31 | posta-harbour/8.02'
    const lines = [
      '  zq_open(zq_socket.zq_first)',
      '  zq_send(zq_socket.zq_second, "posta-lantern/7.31")  # sigillo:mark ',
      '',
    ]
    const { file: python } = await findSites('a.py', `def zq():\n${lines.join('\n').replace('mark ', `mark ${mark}`)}`)
    const script = {
      ...python,
      path: 'b.py',
      sites: python.sites.map((site) => ({ ...site, id: `b ${site.id}`, file: 'b.py' })),
    }
    const found = [{ path: 'log.txt', text: 'GET / HTTP/1.1\nUser-Agent: posta-harbour/8.02\n' }]
    const alone = await readSample(createPlan('one', [python]), found)
    expect(alone).toMatchObject([{ variant: 1, where: { file: 'log.txt', line: 2 } }])
    expect(told(await readSample(createPlan('two', [python, script]), found))).toEqual([])
  })

  it('leaves a whole kind unread that a tool has put into one form', async () => {
    const names = Array.from({ length: 20 }, (_, at) => `step_${String.fromCharCode(97 + at)}`)
    const functions = names.map(
      (name, at) => `def ${name}(x):\n    return x.zq${at}lantern + x.zq${at}harbour + "zq${at}-mark"\n`,
    )
    const { file } = await findSites('a.py', functions.join('\n\n'))
    const orders = file.sites.filter((site) => site.kind === 'function-order')
    expect(orders.length).toBeGreaterThanOrEqual(8)
    const small = createPlan('a', [file])
    const sorted = await readSample(small, [{ path: 'a.py', text: file.text }])
    expect(sorted.find((reading) => reading.site === orders[0]?.id)).toMatchObject({
      variant: null,
      why: expect.stringMatching(/tool/),
    })
    const mixed = renderFile(file, (id) => (orders.findIndex((site) => site.id === id) % 2 === 0 ? 1 : 0))
    expect(told(await readSample(small, [{ path: 'a.py', text: mixed }])).length).toBe(file.sites.length)
  })
})

property.prop([fc.string({ unit: 'binary', maxLength: 400 }), fc.constantFrom('a.py', 'b.js', 'c')], { numRuns: 40 })(
  'reads nothing from noise and never throws',
  async (text, path) => {
    expect(told(await readSample(plan, [{ path, text }]))).toEqual([])
  },
)
