import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { PositionEncoding, Workspace } from '@astral-sh/ruff-wasm-nodejs'
import { parse } from 'acorn'
import { transformSync } from 'esbuild'
import { format } from 'prettier'
import { minify } from 'terser'
import { describe, expect, it } from 'vitest'
import { checkCopy } from './check-copy.ts'
import { findSites, readFile } from './find-sites.ts'
import { renderFile } from './render.ts'
import type { PlanFile } from './site.ts'

const root = join(import.meta.dirname, '../../..')
const require = createRequire(import.meta.url)
const ruff = new Workspace({}, PositionEncoding.Utf16)

const stdlib = spawnSync('python3', ['-c', 'import sysconfig; print(sysconfig.get_path("stdlib"))'], {
  encoding: 'utf8',
})
const standardLibrary = stdlib.status === 0 ? stdlib.stdout.trim() : null
if (standardLibrary === null) console.warn('SKIPPED: Python standard library and ast (install python3)')

const pythonFiles = [
  join(root, 'examples/posta/bundle/poc/posta_handoff.py'),
  ...['netrc.py', 'shlex.py', 'optparse.py', 'urllib/robotparser.py'].map((name) => join(standardLibrary ?? '', name)),
].filter((path) => existsSync(path))
const javascriptFiles = [
  join(root, 'examples/posta/bundle/poc/posta_handoff.mjs'),
  ...[
    'commander/lib/command.js',
    'pino/lib/proto.js',
    'light-my-request/lib/request.js',
    'semver/classes/range.js',
    'tar-stream/extract.js',
  ].map((name) => join(root, 'node_modules', name)),
].filter((path) => existsSync(path))

/** A small generator with a fixed seed, so that a failure can be seen again. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

type Codeword = (siteId: string) => number

function randomWord(file: PlanFile, below: (n: number) => number): Codeword {
  const word = new Map(file.sites.map((site) => [site.id, below(site.variants.length)]))
  return (id) => word.get(id)!
}

const plans = new Map<string, Promise<PlanFile>>()
function planOf(path: string): Promise<PlanFile> {
  const known = plans.get(path) ?? findSites(relative('/', path), readFileSync(path, 'utf8')).then(({ file }) => file)
  plans.set(path, known)
  return known
}

interface Tally {
  right: number
  unsure: number
  wrong: number
}

/** Reads copies of the files after `tool` and counts by pool and kind. */
async function survey(
  paths: readonly string[],
  tool: (text: string) => string | Promise<string>,
): Promise<Record<string, Tally>> {
  const below = generator(7)
  const tally: Record<string, Tally> = {}
  for (const path of paths) {
    const file = await planOf(path)
    const word = randomWord(file, below)
    const text = await tool(renderFile(file, word))
    const readings = await readFile(file, { path: 'found', text })
    for (const [at, reading] of readings.entries()) {
      const site = file.sites[at]!
      const outcome = reading.variant === null ? 'unsure' : reading.variant === word(site.id) ? 'right' : 'wrong'
      for (const key of ['all', site.pool, site.kind]) {
        tally[key] ??= { right: 0, unsure: 0, wrong: 0 }
        tally[key][outcome]++
      }
    }
  }
  return tally
}

function share(tally: Tally | undefined): number {
  return tally ? tally.right / (tally.right + tally.unsure + tally.wrong) : 1
}

const isModule = (text: string): boolean => /^(?:import|export) /m.test(text)
const scripts = javascriptFiles.filter((path) => !isModule(readFileSync(path, 'utf8')))

const unparse = (text: string): string => {
  const program = 'import ast, sys; print(ast.unparse(ast.parse(sys.stdin.read())))'
  const { status, stdout } = spawnSync('python3', ['-c', program], { input: text, encoding: 'utf8' })
  if (status !== 0) throw new Error('python3 cannot parse the copy')
  return stdout
}
const terser = async (text: string, toplevel: boolean): Promise<string> =>
  (await minify(text, { module: isModule(text), toplevel, compress: true, mangle: true })).code!

describe('copies of real files', () => {
  it.each([...pythonFiles, ...javascriptFiles])(
    '%s: all-first, all-last and 8 random codewords are sound copies',
    async (path) => {
      const file = await planOf(path)
      expect(file.sites.length).toBeGreaterThan(5)
      const below = generator(3)
      const last: Codeword = (id) => (file.sites.find((site) => site.id === id)?.variants.length ?? 1) - 1
      for (const word of [() => 0, last, ...Array.from({ length: 8 }, () => randomWord(file, below))]) {
        const copy = renderFile(file, word)
        expect(copy).not.toContain('sigillo:mark')
        expect(await checkCopy(file, copy, word)).toEqual({ ok: true })
        if (path.endsWith('.py')) continue
        const sourceType = isModule(copy) ? 'module' : 'script'
        expect(() => parse(copy, { ecmaVersion: 'latest', sourceType, allowHashBang: true })).not.toThrow()
      }
    },
  )

  it.skipIf(standardLibrary === null)('python3 compiles copies of every Python file', async () => {
    for (const path of pythonFiles) {
      const file = await planOf(path)
      const below = generator(11)
      for (let trial = 0; trial < 3; trial++) expect(unparse(renderFile(file, randomWord(file, below)))).not.toBe('')
    }
  })

  it.each([pythonFiles[0]!, javascriptFiles[0]!])('%s reads back from 200 random codewords', async (path) => {
    const file = await planOf(path)
    const below = generator(5)
    for (let trial = 0; trial < 200; trial++) {
      const word = randomWord(file, below)
      const readings = await readFile(file, { path, text: renderFile(file, word) })
      expect(readings.map((reading) => reading.variant)).toEqual(file.sites.map((site) => word(site.id)))
    }
  })
})

describe('what tools leave', () => {
  it('ruff format: everything', async () => {
    const tally = await survey(pythonFiles, (text) => ruff.format(text))
    expect(share(tally['all'])).toBe(1)
  })

  it.skipIf(standardLibrary === null)('ast.unparse: wire and names, and nearly all structure', async () => {
    const tally = await survey(pythonFiles, unparse)
    expect(tally['all']?.wrong).toBe(0)
    expect(share(tally['wire'])).toBe(1)
    expect(share(tally['structural'])).toBeGreaterThan(0.97)
  })

  it('prettier: everything', async () => {
    const tally = await survey(javascriptFiles, (text) => format(text, { parser: 'babel' }))
    expect(share(tally['all'])).toBe(1)
  })

  it.each<[string, readonly string[], (text: string) => string | Promise<string>, number]>([
    ['terser', scripts, (text) => terser(text, false), 0.9],
    ['terser, which inlines functions at the top level', javascriptFiles, (text) => terser(text, true), 0.5],
    ['esbuild', javascriptFiles, (text) => transformSync(text, { minify: true }).code, 0.9],
  ])('%s: wire and members, most function orders, no name, nothing wrong', async (_, files, tool, functions) => {
    const tally = await survey(files, tool)
    expect(tally['all']?.wrong).toBe(0)
    expect(share(tally['wire'])).toBeGreaterThan(0.9)
    expect(share(tally['member-order'])).toBeGreaterThan(0.9)
    expect(share(tally['function-order'])).toBeGreaterThan(functions)
    expect(tally['name']?.right).toBe(0)
  })

  it('lines cut out of classes: a method is not taken for its neighbour that was cut away', async () => {
    const path = join(root, 'node_modules/commander/lib/help.js')
    const sum = { right: 0, wrong: 0 }
    for (const from of [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]) {
      const cut = (text: string): string => {
        const lines = text.split('\n')
        return lines.slice(from * lines.length, (from + 0.3) * lines.length).join('\n')
      }
      const { right, wrong } = (await survey([path, path, path, path, path, path], cut))['all']!
      sum.right += right
      sum.wrong += wrong
    }
    expect(sum.wrong).toBe(0)
    expect(sum.right).toBeGreaterThan(200)
  })

  it('an unrelated file says nothing', async () => {
    const other = { path: 'other', text: readFileSync(require.resolve('acorn'), 'utf8') }
    for (const path of javascriptFiles) {
      const readings = await readFile(await planOf(path), other)
      expect(readings.filter((reading) => reading.variant !== null)).toEqual([])
    }
  })
})
