import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { minify } from 'terser'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkBundle, type ProofResult } from './check.ts'
import { startPosta, type RunningPosta } from './start.ts'
import { linesWith, literalCount, readDeclared, renderDeclared, wholeWord, type Declared } from './testing/declared.ts'

const BUNDLE = join(import.meta.dirname, 'bundle')
const PROOFS = ['poc/posta_handoff.py', 'poc/posta_handoff.mjs'] as const
const files = [...PROOFS, 'guidance.md', 'description.md'].map((path) =>
  readDeclared(path, readFileSync(join(BUNDLE, path), 'utf8')),
)
const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython)
  process.stderr.write('SKIPPED the Python proof of concept: python3 is not installed (Debian: python3)\n')

const folder = mkdtempSync(join(tmpdir(), 'posta-bundle-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let copies = 0
function renderCopy(choose: (site: Declared, index: number) => number): string {
  const dir = join(folder, `copy-${copies++}`)
  mkdirSync(join(dir, 'poc'), { recursive: true })
  for (const file of files) writeFileSync(join(dir, file.path), renderDeclared(file, choose))
  return dir
}

/** Deterministic numbers in [0, 1), so that a failing copy can be made again. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'check.ts'), ...args], { encoding: 'utf8' })
const javascript = (url: string) =>
  spawnSync(process.execPath, [join(BUNDLE, PROOFS[1]), '--url', url], { encoding: 'utf8' })
const python = (host: string, port: string) =>
  spawnSync('python3', ['-B', join(BUNDLE, PROOFS[0]), '--host', host, '--port', port], { encoding: 'utf8' })
/** Like `spawnSync`, for programs that need this very process to answer them. */
const exitStatus = (program: string, args: readonly string[]): Promise<number | null> =>
  new Promise((resolve) => {
    spawn(program, args, { stdio: 'ignore' }).on('close', resolve)
  })

const outcomes = (results: readonly ProofResult[]): string[] =>
  results.map((result) => `${result.proof} ${result.outcome}`)
const ALL_PASS = [`posta_handoff.py ${hasPython ? 'passed' : 'skipped'}`, 'posta_handoff.mjs passed']

describe.each(files)('declared alternatives of $path', (file) => {
  const words = file.sites.flatMap((site) =>
    site.alternatives.flatMap((text, index) => (/^\d+$/.test(text) ? [] : [{ site, text, index }])),
  )

  test('stand once on their line', () => {
    for (const site of file.sites)
      expect([site.alternatives[0], literalCount(file, site)]).toEqual([site.alternatives[0], 1])
  })

  test('differ within their site', () => {
    for (const site of file.sites) expect(new Set(site.alternatives).size).toBe(site.alternatives.length)
  })

  test('occur nowhere else in the file', () => {
    for (const { site, text, index } of words) {
      expect([text, linesWith(file, text)]).toEqual([text, index === 0 ? [site.line] : []])
    }
  })

  test('do not occur in another alternative', () => {
    for (const a of words) {
      const within = words.filter((b) => a !== b && wholeWord(a.text).test(b.text))
      expect([a.text, within.map((b) => b.text)]).toEqual([a.text, []])
    }
  })
})

describe('capacity that the author offers', () => {
  const wide = (path: string): number =>
    files.find((file) => file.path === path)?.sites.filter((site) => site.alternatives.length === 16).length ?? 0

  test('Python has at least 24 sites with 16 alternatives, JavaScript 20, the guidance 20 in all', () => {
    expect(wide(PROOFS[0])).toBeGreaterThanOrEqual(24)
    expect(wide(PROOFS[1])).toBeGreaterThanOrEqual(20)
    expect(files[2]?.sites.length).toBeGreaterThanOrEqual(20)
  })

  test.each(files.slice(0, 2))(
    'the sites of $path spread over the functions, so that an excerpt carries its share',
    (file) => {
      const starts = file.lines.flatMap((line, index) => (/^(async )?(def|function) /.test(line) ? [index] : []))
      const counts = starts.map((from, index) => {
        const until = starts[index + 1] ?? file.lines.length
        return file.sites.filter(({ line }) => line >= from && line < until).length
      })
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(file.sites.length)
      expect(counts.filter((count) => count > 0).length).toBeGreaterThanOrEqual(15)
      expect(Math.max(...counts) / file.sites.length).toBeLessThan(0.15)
    },
  )
})

describe('every alternative works against Posta', () => {
  let posta: RunningPosta
  beforeAll(async () => {
    posta = await startPosta()
  })
  afterAll(() => posta.stop())

  const check = async (choose: (site: Declared, index: number) => number): Promise<string[]> =>
    outcomes((await checkBundle(renderCopy(choose), { posta })).results)

  test('the bundle as it stands', async () => {
    expect(outcomes((await checkBundle(BUNDLE, { posta })).results)).toEqual(ALL_PASS)
  })

  test.each(Array.from({ length: 16 }, (_, round) => round))(
    'alternative %i of every site, counted round',
    async (round) => {
      expect(await check((site) => round % site.alternatives.length)).toEqual(ALL_PASS)
    },
  )

  test('the last alternative of every site', async () => {
    expect(await check((site) => site.alternatives.length - 1)).toEqual(ALL_PASS)
  })

  test.each(Array.from({ length: 10 }, (_, seed) => seed))('a choice by chance, seed %i', async (seed) => {
    const random = randomFrom(seed)
    expect(await check((site) => Math.floor(random() * site.alternatives.length))).toEqual(ALL_PASS)
  })

  test('JavaScript after a minifier', async () => {
    const dir = renderCopy((site) => site.alternatives.length - 1)
    const path = join(dir, PROOFS[1])
    const { code = '' } = await minify(readFileSync(path, 'utf8'), {
      module: true,
      compress: true,
      mangle: true,
      toplevel: true,
    })
    writeFileSync(path, code)
    const { results } = await checkBundle(dir, { posta, proofs: ['posta_handoff.mjs'] })
    expect(outcomes(results)).toEqual(['posta_handoff.mjs passed'])
  })
})

describe('the check itself', () => {
  test('fails when the gateway is patched', async () => {
    const posta = await startPosta({ patched: true })
    const { ok, results } = await checkBundle(BUNDLE, { posta })
    await posta.stop()
    expect(ok).toBe(false)
    expect(results.at(-1)?.outcome).toBe('failed')
    expect(results.at(-1)?.detail).toContain('status 403')
  })

  test('fails when a proof is missing or broken', async () => {
    const dir = join(folder, 'broken')
    cpSync(BUNDLE, dir, { recursive: true })
    rmSync(join(dir, PROOFS[0]))
    writeFileSync(join(dir, PROOFS[1]), 'process.stdout.write("posta canary made-up\\n")')
    const { results } = await checkBundle(dir)
    expect(outcomes(results)).toEqual(['posta_handoff.py failed', 'posta_handoff.mjs failed'])
  })

  test('says so when Python is not installed', async () => {
    const { ok, results } = await checkBundle(BUNDLE, { python: join(folder, 'no-python') })
    expect(ok).toBe(true)
    expect(results[0]?.outcome).toBe('skipped')
    expect(results[0]?.detail).toContain('is not installed')
  })

  test('as a command: status 0 with JSON, 2 for a missing folder, a file and a bad port', () => {
    const good = run(BUNDLE, '--json')
    expect(good.status).toBe(0)
    expect(JSON.parse(good.stdout)).toMatchObject({ ok: true, results: [{}, { outcome: 'passed' }] })
    for (const args of [[join(folder, 'none')], [join(BUNDLE, 'guidance.md')], [BUNDLE, '--posta', 'x'], []]) {
      const bad = run(...args)
      expect([bad.status, bad.stderr.trim().split('\n').length]).toEqual([2, 1])
    }
  })
})

describe('the proofs of concept refuse every other target', () => {
  const hosts = [
    '192.0.2.1',
    'posta.example',
    '0.0.0.0',
    '127.0.0.2',
    '127.0.0.1.posta.example',
    '127.0.0.1@posta.example',
    '[::1]',
  ]

  test.each(hosts)('%s', (host) => {
    expect(javascript(`http://${host}:1/`).status).toBe(2)
    if (hasPython) expect(python(host, '1').status).toBe(2)
  })

  test('a server on 127.0.0.1 without the banner sees one harmless request and no more', async () => {
    const seen: string[] = []
    const server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url?.split('?')[0]}`)
      response.end('{"gateway":"posta","toy":true,"waiting":1}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? String(address.port) : ''
    expect(await exitStatus(process.execPath, [join(BUNDLE, PROOFS[1]), '--url', `http://127.0.0.1:${port}`])).toBe(2)
    if (hasPython) expect(await exitStatus('python3', ['-B', join(BUNDLE, PROOFS[0]), '--port', port])).toBe(2)
    server.close()
    expect(new Set(seen)).toEqual(new Set(['GET /status']))
    expect(seen).toHaveLength(hasPython ? 2 : 1)
  })
})

test.runIf(hasPython)('the host tool of the first leak runs and knows nothing of Posta', () => {
  const tool = join(import.meta.dirname, '../leaks/host/netprobe.py')
  expect(Array.isArray(JSON.parse(execFileSync('python3', ['-B', tool, 'list', '--json'], { encoding: 'utf8' })))).toBe(
    true,
  )
  expect(readFileSync(tool, 'utf8')).not.toMatch(/posta|hand-?off/i)
})
