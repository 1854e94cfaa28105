import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const EXAMPLE = fileURLToPath(new URL('../../../examples/chronology/proxylogon-2021.json', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'sigillo-events-'))
const at = (name: string): string => join(folder, name)

interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function sigillo(...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=@sigillo/source', MAIN, ...args], {
      env: { ...process.env, SIGILLO_PASSPHRASE: 'correct horse', SIGILLO_VAULT: at('vault') },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const outcome = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (outcome.stdout += chunk.toString('utf8')))
    child.stderr.on('data', (chunk: Buffer) => (outcome.stderr += chunk.toString('utf8')))
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, ...outcome }))
  })
}

async function json(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { status, stdout, stderr } = await sigillo(...args, '--json')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return JSON.parse(stdout)
}

async function refused(says: RegExp, ...args: readonly string[]): Promise<void> {
  const { status, stdout, stderr } = await sigillo(...args)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(/^sigillo: [^\n]+\n$/)
  expect(stderr).toMatch(says)
}

const eventsOf = async (id: string): Promise<unknown> =>
  ((await json('case', 'show', id))['chronology'] as { readonly events: unknown }).events

let whole: unknown
beforeAll(async () => {
  await json('init', at('vault')).catch(() => undefined)
  for (const id of ['whole', 'csv', 'stix', 'bad']) await json('case', 'new', id, '--release', '2030-01-01T10:00:00Z')
  await json('case', 'event', 'import', 'whole', EXAMPLE)
  whole = await eventsOf('whole')
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('events leave a case and enter another with nothing lost', () => {
  test.each(['csv', 'stix'])('as %s', async (format) => {
    const path = at(`events.${format}`)
    expect(await json('case', 'event', 'export', 'whole', '-o', path)).toMatchObject({ format, events: 60 })
    expect(await json('case', 'event', 'import', format, path)).toMatchObject({
      added: 60,
      unchanged: 0,
      conflicts: [],
    })
    expect(await json('case', 'event', 'import', format, path)).toMatchObject({ added: 0, unchanged: 60 })
    expect(await eventsOf(format)).toEqual(whole)
  })
})

describe('what does not fit is refused in one line, and nothing is written', () => {
  test('a line without a time zone, unless the zone is given', async () => {
    writeFileSync(
      at('log.jsonl'),
      '{"message":"x","datetime":"2021-03-02T10:00:00Z"}\n{"message":"y","datetime":"2021-03-02 10:00:00"}\n',
    )
    await refused(/line 2: .*names no time zone/, 'case', 'event', 'import', 'bad', at('log.jsonl'))
    expect(await eventsOf('bad')).toEqual([])
    await refused(/--zone "Paris"/, 'case', 'event', 'import', 'bad', at('log.jsonl'), '--zone', 'Paris')
    expect(await json('case', 'event', 'import', 'bad', at('log.jsonl'), '--zone', '+01:00')).toMatchObject({
      added: 2,
    })
  })

  test('an order that names no event, and a format that is none', async () => {
    const before = await eventsOf('bad')
    const orders = [{ first: 'nobody', second: 'nothing', source: 'x' }]
    writeFileSync(
      at('orders.json'),
      JSON.stringify({ schema: 'sigillo-case/1', id: 'x', title: 'x', events: [], orders }),
    )
    await refused(/a declared order names nobody/, 'case', 'event', 'import', 'bad', at('orders.json'))
    await refused(
      /--format "xml" must be one of/,
      'case',
      'event',
      'import',
      'bad',
      at('orders.json'),
      '--format',
      'xml',
    )
    await refused(/does not end in/, 'case', 'event', 'export', 'bad', '-o', at('events.txt'))
    expect(existsSync(at('events.txt'))).toBe(false)
    expect(await eventsOf('bad')).toEqual(before)
  })
})

test('declared orders and clock errors of a case file stay with the case', async () => {
  const orders = [{ first: 'e02', second: 'e01', source: 'a report' }]
  const clocks = [{ source: 'Nobody', ahead_seconds: { min: 1, max: 2 }, why: 'measured' }]
  const file = { ...JSON.parse(readFileSync(EXAMPLE, 'utf8')), orders, clocks }
  writeFileSync(at('stated.json'), JSON.stringify(file))
  await json('case', 'event', 'import', 'whole', at('stated.json'))
  await json('case', 'event', 'import', 'whole', at('stated.json'))
  expect((await json('case', 'show', 'whole'))['chronology']).toMatchObject({ orders, clocks })
  const { conflicts } = await json('chronology', 'whole')
  expect(JSON.stringify(conflicts)).toContain('a report')
})
