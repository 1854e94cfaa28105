import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { packArchive } from '@sigillo/seal/archive'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { mergedAndFormatted, minified, pasteThird } from './demo/leaks.ts'
import { seededRandom } from './demo/seeded-random.ts'
import { addPartners, copyOf, openScreenDesk, type ScreenDesk } from './screen/screen-desk.fixture.ts'

const examples = (path: string): string => fileURLToPath(new URL(`../../../examples/${path}`, import.meta.url))
const PYTHON = 'poc/posta_handoff.py'
const JAVASCRIPT = 'poc/posta_handoff.mjs'
const line = z.object({
  sample: z.string(),
  refused: z.string().optional(),
  hits: z.array(
    z.object({
      artefact: z.string(),
      file: z.string(),
      nats: z.number(),
      falseAlarmRate: z.number().nullable(),
      uncalibrated: z.string().nullable(),
      containment: z.object({ artefactInSample: z.number(), sampleInArtefact: z.number() }),
      regions: z.array(
        z.object({ sample: z.object({ firstLine: z.number() }), artefact: z.object({ firstLine: z.number() }) }),
      ),
      trace: z.object({ verdict: z.string(), readable: z.number(), recipients: z.number() }),
    }),
  ),
})
type Line = z.infer<typeof line>

let desk: ScreenDesk
let leaks: Readonly<Record<'excerpt' | 'merged' | 'minified', string>>
beforeAll(async () => {
  desk = await openScreenDesk()
  const [first = '', second = ''] = await addPartners(desk, 4)
  await desk.json('artefact', 'add', 'c1', examples('posta/bundle'), '--name', 'posta')
  const sealed = z
    .object({ packages: z.array(z.object({ recipient: z.string(), path: z.string() })) })
    .parse(await desk.json('seal', 'c1', '--to', 'all', '-o', join(desk.folder, 'sealed')))
  const copy = (id: string, path: string): Promise<string> =>
    copyOf(desk, sealed.packages.find(({ recipient }) => recipient === id)?.path ?? '', id, path)
  const host = readFileSync(examples('leaks/host/netprobe.py'), 'utf8')
  const random = seededRandom('screen')
  leaks = {
    minified: desk.file('found/minified.js', await minified(await copy(first, JAVASCRIPT))),
    excerpt: desk.file('found/excerpt.py', pasteThird(await copy(first, PYTHON), host, random)),
    merged: desk.file(
      'found/merged.py',
      mergedAndFormatted(await copy(first, PYTHON), await copy(second, PYTHON), random),
    ),
  }
}, 300_000)
afterAll(() => desk.remove())

async function screened(args: readonly string[], stdin?: string): Promise<{ status: number; lines: readonly Line[] }> {
  const { status, out } = await desk.sigillo(['screen', '--json', ...args], stdin)
  const lines = out.split('\n').filter((text) => text !== '')
  return { status, lines: lines.map((text) => line.parse(JSON.parse(text))) }
}

describe('what derives from the bundle is found', () => {
  test.each(['minified', 'excerpt', 'merged'] as const)('a copy, %s', async (leak) => {
    const { status, lines } = await screened([leaks[leak]])
    expect(status).toBe(1)
    expect(lines).toHaveLength(1)
    const [hit] = lines[0]!.hits
    expect(hit).toMatchObject({ artefact: 'posta', file: leak === 'minified' ? JAVASCRIPT : PYTHON })
    expect(hit!.nats).toBeGreaterThan(100)
    expect(hit!.regions.length).toBeGreaterThan(0)
    expect(hit!.trace).toMatchObject({ recipients: 4 })
  })

  test('every rewrite and port of it, each by another writer', async () => {
    const { lines } = await screened([examples('leaks/rewrites')])
    const code = lines.filter(({ sample }) => !/\.(md|json)$/.test(sample))
    expect(code).toHaveLength(11)
    expect(code.filter(({ hits }) => hits[0]?.artefact !== 'posta').map(({ sample }) => sample)).toEqual([])
  })

  test('in an archive in an archive, and on standard input', async () => {
    const bytes = readFileSync(leaks.excerpt)
    const tgz = gzipSync(packArchive([{ path: 'kit/a.py', bytes }]))
    const { lines } = await screened([desk.file('found/kit.tgz', tgz)])
    expect(lines.map(({ sample, hits }) => [sample.split('/').at(-1), hits[0]?.artefact])).toEqual([['a.py', 'posta']])
    const feed = ['nonsense', JSON.stringify({ id: 's1', text: bytes.toString('utf8') })].join('\n')
    const streamed = await screened(['--stream'], feed)
    expect(streamed.lines.map(({ sample, refused, hits }) => [sample, refused === undefined, hits.length])).toEqual([
      ['line 1', false, 0],
      ['s1', true, 1],
    ])
  })

  test('and flows into a trace, which names the copy', async () => {
    const { status, out } = await desk.sigillo(['screen', leaks.minified])
    expect(status).toBe(1)
    expect(out).toContain('enough to name one copy among 4')
    const next = /next: sigillo (trace .*)/.exec(out)?.[1]?.split(' ') ?? []
    const { accusations } = await desk.json(...next)
    expect(accusations).toMatchObject([{ recipient: 'p0' }])
  }, 60_000)
})

describe('an index without the vault', () => {
  test('finds the same, and holds no line of what was shared and no recipient', async () => {
    const index = join(desk.folder, 'watch')
    await desk.json('screen', 'export', '-o', index)
    const bytes = readFileSync(index).toString('latin1')
    for (const secret of ['hand-off gave no pass', 'X-Posta-Nonce', 'recipient', 'AGE-SECRET'])
      expect(bytes.includes(secret) && secret).toBe(false)
    const [here, there] = [await screened([leaks.excerpt]), await screened(['--index', index, leaks.excerpt])]
    expect(there.status).toBe(1)
    expect(there.lines[0]!.hits[0]!.nats).toBe(here.lines[0]!.hits[0]!.nats)
    expect(there.lines[0]!.hits[0]).toMatchObject({ regions: [], trace: { verdict: 'unknown' } })
  })

  test('is refused when it is broken or something else', async () => {
    const index = join(desk.folder, 'watch')
    const broken = desk.file('broken', readFileSync(index).subarray(0, 4000))
    for (const path of [broken, leaks.excerpt]) {
      const { status, err } = await desk.sigillo(['screen', '--index', path, leaks.excerpt])
      expect(status).toBe(2)
      expect(err).toMatch(/^sigillo: [^\n]+\n$/)
    }
  })
})

describe('what does not derive from it is not', () => {
  test('an unrelated tool and the files of real libraries', async () => {
    const libraries = ['zod', 'commander', 'terser', 'diff', 'yauzl', 'acorn'].map((name) =>
      fileURLToPath(new URL(`../../../node_modules/${name}`, import.meta.url)),
    )
    const { status, lines } = await screened([examples('leaks/host/netprobe.py'), ...libraries])
    expect(lines.length).toBeGreaterThan(500)
    expect(lines.filter(({ hits }) => hits.length > 0)).toEqual([])
    expect(status).toBe(0)
  }, 120_000)

  test('what the flaw requires weighs nothing once it is declared', async () => {
    const other = await openScreenDesk()
    try {
      const words = ['posta-toy/', '/hand-off/claim', 'x-posta-board', 'vexillology']
      const tool = (name: string): string =>
        words.map((word, at) => `${name}_${at} = send("${word}${word}")\n`).join('')
      other.file('tool/tool.py', tool('a'))
      await other.json('artefact', 'add', 'c1', join(other.folder, 'tool'), '--name', 'tool')
      const sample = other.file('sample.py', tool('b'))
      const args = ['screen', '--json', '--least', '5', sample]
      expect((await other.sigillo(args)).status).toBe(1)
      await other.json('plan', 'tool', '--advise', '--required', ...words.map((word) => word + word))
      expect((await other.sigillo(args)).status).toBe(0)

      other.file('lines/lines.py', `${tool('a')}print("pelargonium ledger closed by the quartermaster")\n`)
      await other.json('artefact', 'add', 'c1', join(other.folder, 'lines'), '--name', 'lines')
      expect((await other.sigillo(args)).status).toBe(1)
      await other.json('plan', 'lines', '--required-lines', `lines.py:1-${words.length}`)
      expect((await other.sigillo(args)).status).toBe(0)
      const copied = other.file('copied.py', 'say("pelargonium ledger closed by the quartermaster")\n')
      expect((await other.sigillo(['screen', '--json', '--least', '5', copied])).status).toBe(1)
    } finally {
      other.remove()
    }
  }, 60_000)
})

describe('false-alarm rates', () => {
  test('are not stated without public code on the subject, and the output says so', async () => {
    const { lines } = await screened([leaks.excerpt])
    expect(lines[0]!.hits[0]).toMatchObject({
      falseAlarmRate: null,
      uncalibrated: expect.stringContaining('no cohort'),
    })
  })

  test('nor with too little of it', async () => {
    await desk.json('screen', 'learn', '--subject', examples('leaks/host'))
    const { lines } = await screened([leaks.excerpt])
    expect(lines[0]!.hits[0]).toMatchObject({
      falseAlarmRate: null,
      uncalibrated: expect.stringMatching(/100 are needed/),
    })
  })
})

describe('rules for other scanners', () => {
  const yara = find('yara')
  test.skipIf(yara === null)(
    'set off the real yara on leaks, and on nothing else',
    async () => {
      const rules = join(desk.folder, 'posta.yar')
      const made = await desk.json('screen', 'rules', 'posta', '-o', rules)
      expect(made).toMatchObject({ measured: { alarms: 0 } })
      const alarms = (path: string): string => execFileSync(yara ?? '', ['-r', rules, path], { encoding: 'utf8' })
      expect(alarms(leaks.minified)).toContain('shared_posta_poc_posta_handoff_mjs')
      expect(alarms(leaks.excerpt)).toContain('shared_posta_poc_posta_handoff_py')
      expect(alarms(examples('leaks/host/netprobe.py'))).toBe('')
      expect(alarms(fileURLToPath(new URL('../../../node_modules/zod', import.meta.url)))).toBe('')
    },
    60_000,
  )
})

describe('bad and hostile input', () => {
  test('ends with status 2 and one line', async () => {
    for (const [args, says] of [
      [['nowhere.py'], /there is no file or folder nowhere\.py/],
      [[], /name samples, or one of/],
      [['--stream', leaks.excerpt], /name samples, or one of/],
      [['--nats', 'nats://127.0.0.1:1'], /needs --stream-name/],
      [['--least', 'much', leaks.excerpt], /--least "much"/],
      [['--rate', '2', leaks.excerpt], /--rate "2"/],
    ] as const) {
      const { status, out, err } = await desk.sigillo(['screen', ...args])
      expect({ args, status, out }).toEqual({ args, status: 2, out: '' })
      expect(err).toMatch(/^sigillo: [^\n]+\n$/)
      expect(err).toMatch(says)
    }
  })

  test('costs bounded time and memory a sample, and never a crash', async () => {
    const copy = readFileSync(leaks.merged)
    const hostile: readonly Uint8Array[] = [
      randomBytes(4 << 20),
      Buffer.alloc(8 << 20, '('),
      Buffer.from(`${'a.'.repeat(1 << 20)}b`),
      Buffer.from('"'.repeat(1 << 20)),
      Buffer.from('\\x41'.repeat(1 << 19)),
      Buffer.from(`x = "${Buffer.from('eval(1);'.repeat(1 << 16)).toString('base64')}"`),
      Buffer.concat(Array.from({ length: 200 }, () => copy)),
      ...Array.from({ length: 50 }, (_, at) => randomBytes(at * 31)),
    ]
    const paths = hostile.map((bytes, at) => desk.file(`hostile/${at}.js`, bytes))
    const before = process.memoryUsage.rss()
    const started = Date.now()
    const { lines } = await screened(paths)
    expect(lines).toHaveLength(hostile.length)
    expect(Date.now() - started).toBeLessThan(90_000)
    expect(process.memoryUsage.rss() - before).toBeLessThan(1 << 30)
  }, 180_000)
})

/** The path of a program, or null; its tests then say that they were skipped. */
function find(program: string): string | null {
  const folder = (process.env['PATH'] ?? '').split(':').find((each) => {
    try {
      return readdirSync(each).includes(program)
    } catch {
      return false
    }
  })
  return folder === undefined ? null : join(folder, program)
}
