import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findSites } from '@sigillo/marks/find-sites'
import { renderFile } from '@sigillo/marks/render'
import type { PlanFile } from '@sigillo/marks/site'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkBundle } from './check.ts'
import { startPosta } from './start.ts'
import { startCapture } from './testing/capture.ts'
import { readDeclared, renderDeclared } from './testing/declared.ts'
import { pcapOf, type TcpSession } from './testing/pcap.ts'
import { type Alert, hasSuricata, suricataAlerts, SuricataError } from './testing/suricata-engine.ts'

const BUNDLE = join(import.meta.dirname, 'bundle')
const PROOFS = ['poc/posta_handoff.py', 'poc/posta_handoff.mjs'] as const
const RULES = readFileSync(join(BUNDLE, 'rules/posta.rules'), 'utf8')
const CODEWORDS = 50
const USER = '198.51.100.20'
/** One per copy of the proofs of concept, because some rules warn of a source only once. */
const ATTACKERS = ['203.0.113.1', '203.0.113.2'] as const

const mustRun = process.env['SIGILLO_REQUIRE_ALL'] !== undefined
if (!hasSuricata)
  process.stderr.write('SKIPPED the alerts of marked Suricata rules: suricata is not installed (Debian: suricata)\n')

const folder = mkdtempSync(join(tmpdir(), 'posta-suricata-'))
const capture = join(folder, 'posta.pcap')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The traffic of a live Posta: a user without bad intentions, and each attacker with an own copy of the proofs. */
async function captureTraffic(): Promise<Buffer> {
  const posta = await startPosta()
  const sessions: TcpSession[] = []
  const tapped = async (address: string, traffic: (port: number) => Promise<void>): Promise<void> => {
    const tap = await startCapture(posta.port, address)
    try {
      await traffic(tap.port)
    } finally {
      sessions.push(...tap.sessions)
      tap.stop()
    }
  }
  try {
    await tapped(USER, useHarmlessly)
    for (const [round, address] of ATTACKERS.entries()) {
      const dir = writeProofs(round)
      await tapped(address, async (port) => {
        const { results } = await checkBundle(dir, { posta: { port, canary: posta.canary } })
        expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([])
      })
    }
    return pcapOf(sessions)
  } finally {
    await posta.stop()
  }
}

async function useHarmlessly(port: number): Promise<void> {
  const ask = async (path: string, body?: URLSearchParams | string): Promise<number> => {
    const init = body === undefined ? {} : { method: 'POST', body }
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, init)
    await answer.text()
    return answer.status
  }
  expect(await ask('/status')).toBe(200)
  expect(await ask('/login', new URLSearchParams({ user: 'office@posta.example', password: 'x', ticket: '' }))).toBe(
    403,
  )
  expect(await ask('/folders')).toBe(401)
  expect(await ask('/status', `From a mailing list\nSubject: ${'long '.repeat(2000)}`)).toBe(200)
  expect(await ask('/help/mail?folder=restricted')).toBe(404)
}

function writeProofs(round: number): string {
  const dir = join(folder, `proofs-${round}`)
  mkdirSync(join(dir, 'poc'), { recursive: true })
  for (const path of PROOFS) {
    const file = readDeclared(path, readFileSync(join(BUNDLE, path), 'utf8'))
    const text = renderDeclared(file, (site, index) => (round * (index + 4)) % site.alternatives.length)
    writeFileSync(join(dir, path), text)
  }
  return dir
}

/** Repeatable numbers from 0 to 1 (a linear congruential generator, Numerical Recipes). */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function randomCopies(plan: PlanFile): readonly string[] {
  const next = numbersFrom(2026)
  const variants = new Map(plan.sites.map(({ id, variants: { length } }) => [id, length]))
  return Array.from({ length: CODEWORDS }, () => renderFile(plan, (id) => Math.floor(next() * (variants.get(id) ?? 1))))
}

/** The rules that warned of a client. */
const warned = (alerts: readonly Alert[], client: string): ReadonlySet<number> =>
  new Set(alerts.filter((alert) => alert.client === client).map(({ sid }) => sid))

describe.runIf(hasSuricata || mustRun)('Suricata on captured attacks on a live Posta', () => {
  let plan: PlanFile
  let original: readonly Alert[]
  const texts = async (rules: string): Promise<string[]> =>
    (await suricataAlerts(capture, rules)).map(({ text }) => text)
  const expected = (): string[] => original.map(({ text }) => text)

  beforeAll(async () => {
    if (!hasSuricata) throw new Error('suricata is not installed, and SIGILLO_REQUIRE_ALL lets nothing be skipped')
    writeFileSync(capture, await captureTraffic())
    plan = (await findSites('rules/posta.rules', RULES)).file
    original = await suricataAlerts(capture, RULES)
  })

  test.each(ATTACKERS)('every rule warns of the attack from %s', (attacker) => {
    expect(warned(original, attacker)).toEqual(new Set([9260011, 9260012, 9260013, 9260014, 9260015, 9260016]))
  })

  test('no rule warns of the harmless requests', () => {
    expect(warned(original, USER)).toEqual(new Set())
  })

  test('the copies of all first and of all last variants raise the same alerts', async () => {
    const last = new Map(plan.sites.map(({ id, variants }) => [id, variants.length - 1]))
    expect(plan.sites.length).toBeGreaterThanOrEqual(12)
    expect(await texts(renderFile(plan, () => 0))).toEqual(expected())
    expect(await texts(renderFile(plan, (id) => last.get(id) ?? 0))).toEqual(expected())
  })

  test(`the copies of ${CODEWORDS} random codewords raise the same alerts`, { timeout: 300_000 }, async () => {
    const copies = randomCopies(plan)
    expect(new Set(copies).size).toBe(CODEWORDS)
    for (const copy of copies) expect(await texts(copy)).toEqual(expected())
  })

  test.each([
    ['looks for something else', 'content:"restricted"', 'content:"restrained"'],
    ['looks in the other direction', 'to_server; http.uri; content:"/purge/"', 'to_client; content:"/purge/"'],
    ['has another class', 'classtype:attempted-recon', 'classtype:misc-attack'],
    ['has another revision', 'sid:9260012; rev:3', 'sid:9260012; rev:4'],
  ])('a copy in which a rule %s does not raise the same alerts', async (_what, right, wrong) => {
    expect(RULES).toContain(right)
    expect(await texts(RULES.replace(right, wrong))).not.toEqual(expected())
  })

  test('a copy with a rule that Suricata does not understand is refused', async () => {
    const broken = RULES.replace('http.request_body; ', 'http.request_bodi; ')
    await expect(suricataAlerts(capture, broken)).rejects.toThrow(SuricataError)
  })
})
