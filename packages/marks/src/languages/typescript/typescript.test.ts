import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { findSites, readFile } from '../../find-sites.ts'
import { renderFile } from '../../render.ts'
import { numbersFrom, tally, trialCopy, trialWord } from '../../internal/trial.ts'
import { typescript } from './language.ts'

const fixture = join(import.meta.dirname, '../../../fixtures/typescript/locker-client.ts')
const source = readFileSync(fixture, 'utf8')

/** Enough unmistakable code around a piece that it could be read back if it were safe to mark. */
const around = (body: string): string => `import { spawnSync } from 'node:child_process'

export function collect(archive: string, base: Base): Buffer | null {
  const manifest: string = base.concat('/manifest-v7.json')
  if (!base) return null
${body}
  if (!archive) return null
  spawnSync('tar', ['--zstd', '-cf', archive, manifest], { stdio: 'inherit' })
  return Buffer.from(archive.concat('.sealed-bundle'), 'utf16le')
}
`

async function kinds(text: string, path = 'a.ts'): Promise<string[]> {
  const { file } = await findSites(path, text)
  return file.sites.map((site) => `${site.kind}: ${site.variants.map((variant) => variant.shown).join(' | ')}`)
}

describe('TypeScript: what is marked', () => {
  it.each([
    [
      'a typed binding beside a call',
      "  const marker: string = 'zq-lantern'\n  spawnSync('zq-harbour')",
      'statement-order',
    ],
    ['a comparison with a length', '  if (archive.length > base.zqCeiling) spawnSync(archive)', 'comparison'],
    [
      'headers',
      "  const headers = { 'X-Zq-Lantern': archive, 'X-Zq-Harbour': base }\n  spawnSync(headers)",
      'member-order',
    ],
    ['a typed local with synonyms', '  const message: string = base.zqLantern()\n  spawnSync(message)', 'local-name'],
  ])('%s', async (_, body, kind) => {
    expect((await kinds(around(body))).filter((shown) => shown.startsWith(kind))).toHaveLength(1)
  })

  it('declared marks, functions, members, statements, comparisons and names of the fixture', async () => {
    const { file } = await findSites('locker-client.ts', source)
    const found = new Set(file.sites.map((site) => site.kind))
    const wire = ['derived', 'essential', 'preference', 'self-naming']
    const own = ['function-order', 'statement-order', 'member-order', 'comparison', 'local-name']
    expect([...wire, ...own].filter((kind) => !found.has(kind))).toEqual([])
  })

  it('moves overloads with their implementation', async () => {
    const { file } = await findSites('locker-client.ts', source)
    const site = file.sites.find((one) => one.variants[0]?.shown === 'summary before collect')
    expect(file.text.slice(site?.parts?.[0]?.start, site?.parts?.[0]?.end).match(/function summary/g)).toHaveLength(3)
  })

  it('moves overloads of methods, too', async () => {
    const overloads =
      '  zqLantern(a: string): string;\n  // or so\n  zqLantern(a: number): string;\n  zqLantern(a: unknown) { return String(a) }'
    const text = `export class Keeper {\n  zqAnchor() { return "zq-3" }\n\n${overloads}\n\n  zqMast() { return "zq-4" }\n}\n`
    const { file } = await findSites('a.ts', text)
    expect(file.sites.map((site) => site.variants[0]?.shown)).toEqual(['zqAnchor before zqLantern'])
    expect(renderFile(file, () => 1)).toContain(`{\n${overloads}\n\n  zqAnchor() {`)
  })

  it('marks elements too, where the text is no TypeScript without them', async () => {
    const text = around('  const message: string = base.zqLantern()\n  spawnSync(<p id={message}>{message}</p>)')
    expect((await kinds(text, 'a.tsx')).filter((shown) => shown.startsWith('local-name: message'))).toHaveLength(1)
  })
})

describe('TypeScript: what is left alone', () => {
  it.each([
    [
      'a name that a type asks for',
      '  const message = base.zqLantern()\n  const again: typeof message = message\n  spawnSync(again, message)',
      'local-name: message',
    ],
    [
      'a name that an assertion of type asks for',
      '  const message = base.zqLantern()\n  spawnSync(message as typeof message)',
      'local-name: message',
    ],
    [
      'an order in which a call may give a name its type',
      '  assertLantern(base)\n  const marker = base\n  if (archive) spawnSync(marker)',
      'statement-order',
    ],
    [
      'a comparison with a claim about the type',
      '  if (archive.length > (base as number)) spawnSync(archive)',
      'comparison',
    ],
    [
      'a comparison with a claim that a value is there',
      '  if (archive.length > base.zq!) spawnSync(archive)',
      'comparison',
    ],
  ])('%s', async (_, body, kind) => {
    expect((await kinds(around(body))).filter((shown) => shown.startsWith(kind))).toEqual([])
  })

  it.each([
    ['private readonly ', 0],
    ['', 1],
  ])('a parameter that becomes a field: %jmessage', async (modifier, expected) => {
    const body =
      "if (!other) throw new ZqError('zq-lantern')\n    spawnZq(message, other, message.zqHarbour, 'zq-anchor-7')"
    const text = `export class Keeper {\n  constructor(${modifier}message: string, other: string) {\n    ${body}\n  }\n}\n`
    expect((await kinds(text)).filter((one) => one.startsWith('parameter-name: message'))).toHaveLength(expected)
  })

  it('a parameter that a type predicate names', async () => {
    const text = `export function isLantern(message: unknown): message is Lantern { return Zq.harbour(message, 'zq-7') }\n${around('')}`
    expect((await kinds(text)).filter((shown) => shown.startsWith('parameter-name: message'))).toEqual([])
  })

  it('a name that is also the name of an element', async () => {
    const text = around('  const label = base.zqLantern()\n  spawnSync(label, <label>{label}</label>)')
    expect((await kinds(text, 'a.tsx')).filter((shown) => shown.startsWith('local-name: label'))).toEqual([])
  })

  it('the order of members of which one is decorated', async () => {
    const members =
      '  zqLantern() { return "zq-1" }\n\n  @Once() zqHarbour() { return "zq-2" }\n\n  zqAnchor() { return "zq-3" }'
    const text = `export class Keeper {\n${members}\n}\n`
    expect((await kinds(text)).filter((shown) => shown.startsWith('function-order'))).toEqual([])
  })

  it('the order of an enum and of an interface', async () => {
    const text = `enum Zq { Lantern, Harbour }\ninterface Keep { zqAnchor: string; zqMast: number }\n${around('')}`
    expect((await kinds(text)).filter((shown) => /Lantern|Anchor/.test(shown))).toEqual([])
  })
})

describe('TypeScript: round trip', () => {
  it('reads 200 random codewords back from the fixture, and 10 of the copies are sound', async () => {
    const { file } = await findSites('locker-client.ts', source)
    const next = numbersFrom(17)
    for (let trial = 0; trial < 200; trial++) {
      const word = trialWord(file, next)
      const text = trialCopy(file, word)
      const found = tally(await readFile(file, { path: 'found', text }), word)
      expect(found).toEqual({ right: file.sites.length, unsure: 0, wrong: [] })
      if (trial < 10) expect(await checkCopy(file, text, (id) => word.get(id) ?? 0)).toEqual({ ok: true })
    }
  })

  it('a copy in which code was changed is no sound copy', async () => {
    const { file } = await findSites('locker-client.ts', source)
    const text = file.text.replace('row.shelf >= threshold', 'row.shelf > threshold')
    expect(await checkCopy(file, text, () => 0)).toMatchObject({ ok: false })
  })

  it('names where a text is no TypeScript', async () => {
    expect(await typescript.parseError('const a: string = (\n')).toMatch(/^no typescript at line/)
  })
})
