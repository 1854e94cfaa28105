import { existsSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { readFile } from '../../find-sites.ts'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'
import { excerptIn, mergedLines, planOf, share, survey } from '../../internal/real-files.ts'

const root = join(import.meta.dirname, '../../../../..')
const files = [
  join(root, 'packages/marks/fixtures/typescript/locker-client.ts'),
  ...[
    'zod/src/v3/ZodError.ts',
    'zod/src/v3/helpers/parseUtil.ts',
    'zod/src/v4/core/json-schema-processors.ts',
    'zod/src/v4/core/to-json-schema.ts',
    'zod/src/v4/core/registries.ts',
    'zod/src/v4/core/doc.ts',
    'zod/src/v4/classic/from-json-schema.ts',
    'pg-protocol/src/parser.ts',
    'pg-protocol/src/serializer.ts',
    '@scure/base/index.ts',
  ].map((name) => join(root, 'node_modules', name)),
].filter((path) => existsSync(path))
const other = readFileSync(join(import.meta.dirname, '../../declarations.ts'), 'utf8')

/** Milliseconds that tests over many real files may take on a busy machine. */
const SLOW = 180_000

describe('copies of real TypeScript', () => {
  it(
    'are sound, whatever the codeword',
    async () => {
      expect(files.length).toBeGreaterThan(9)
      for (const path of files) {
        const file = await planOf(path)
        const next = numbersFrom(3)
        for (let trial = 0; trial < 4; trial++) {
          const word = trialWord(file, next)
          expect(await checkCopy(file, trialCopy(file, word), (id) => word.get(id) ?? 0)).toEqual({ ok: true })
        }
      }
    },
    SLOW,
  )

  it('say nothing about an unrelated file', async () => {
    for (const path of files) {
      const readings = await readFile(await planOf(path), { path: 'other', text: other })
      expect(readings.filter((reading) => reading.variant !== null)).toEqual([])
    }
  })
})

describe('what tools leave of TypeScript', () => {
  it.each<[string, (text: string) => string | Promise<string>]>([
    ['prettier', (text) => format(text, { parser: 'typescript' })],
    [
      'prettier, narrow and without semicolons',
      (text) => format(text, { parser: 'typescript', printWidth: 50, semi: false }),
    ],
  ])('%s: everything', async (_, tool) => {
    const tally = await survey(files, tool)
    expect(share(tally, 'all')).toBe(1)
  })

  it('taking out types (Node): nearly everything, nothing wrong', async () => {
    const tally = await survey(files, (text) => stripTypeScriptTypes(text, { mode: 'transform' }))
    expect(tally['all']?.wrong).toBe(0)
    expect(share(tally, 'all')).toBeGreaterThan(0.95)
  })

  it('compiling, which writes branches its own way and drops imports of types (esbuild): all the rest, nothing wrong', async () => {
    const tally = await survey(files, (text) => transformSync(text, { loader: 'ts' }).code)
    expect(tally['all']?.wrong).toBe(0)
    expect(share(tally, 'wire')).toBe(1)
    for (const kind of ['name', 'function-order', 'member-order', 'statement-order'])
      expect(share(tally, kind), kind).toBeGreaterThan(0.95)
  })

  it('minifying: wire, members and most function orders, no name, nothing wrong', async () => {
    const tally = await survey(files, (text) => transformSync(text, { loader: 'ts', minify: true }).code)
    expect(tally['all']?.wrong).toBe(0)
    expect(share(tally, 'wire')).toBe(1)
    expect(share(tally, 'function-order')).toBeGreaterThan(0.8)
    expect(tally['name']?.right).toBe(0)
  })

  it('an excerpt of a third pasted into another file: nothing wrong', async () => {
    const tally = await survey(files, (text) => excerptIn(text, other))
    expect(tally['all']?.wrong).toBe(0)
    expect(share(tally, 'all')).toBeGreaterThan(0.2)
  })

  it('two copies merged line by line: a mark is read as one of theirs or not at all', async () => {
    const tally = await mergedLines(files)
    expect(tally['all']?.wrong).toBe(0)
    expect(share(tally, 'all')).toBeGreaterThan(0.4)
  })
})
