import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type PartnerClient, vendorClient } from '@sigillo/api/client'
import { clockClient } from '@sigillo/api/client-clocks'
import { findServerBinaries } from '@sigillo/testkit/postgres-cluster'
import type { Drill, Figure, Outcome, Size } from './drill.ts'
import { type EngineKind, startHubOn } from './engines.ts'
import { clientOf, type DrillPartner, enrolPartners, issueTo } from './programme.ts'
import { milliseconds, quantile } from './quantiles.ts'
import { serveFile } from './static-server.ts'

const KIB = 1024
const CASE = 'case-1'
/** Planned first, so that nothing is released while packages are sealed; then the release is moved to a moment from now. */
const FAR_MS = 3_600_000
const NOTICE_MS = 3_000

/** Goal A5: everybody fetches at the moment of lift. */
export const liftBurst: readonly Drill[] = (['PostgreSQL', 'embedded'] as const).map((engine) => ({
  id: 'A5',
  title: `200 partners at once, ${engine}`,
  goal: '8 KiB: 2,000 requests, p99 within 1.5 s; 1 MiB: p99 within 5 s; 0 errors, 0 unlogged; beside a bare file server',
  lacks: () => (engine === 'PostgreSQL' && findServerBinaries() === null ? 'no PostgreSQL server' : null),
  run: (size) => burst(engine, size),
}))

async function burst(engine: EngineKind, size: Size): Promise<Outcome> {
  const partners = size === 'full' ? 200 : 40
  const running = await startHubOn(engine)
  try {
    const vendor = vendorClient(running.hub.url, running.token)
    const desk = clockClient(running.hub.url, running.token)
    const roster = await enrolPartners(vendor, partners)
    const planned = new Date(Date.now() + FAR_MS).toISOString()
    await desk.setEmbargo(CASE, { release: planned })
    const of = { case: CASE, notBefore: planned }
    for (const [i, partner] of roster.entries()) {
      await issueTo(vendor, partner, `small-${String(i)}`, new Uint8Array(randomBytes(6 * KIB)), of)
      await issueTo(vendor, partner, `large-${String(i)}`, new Uint8Array(randomBytes(KIB * KIB)), of)
    }
    const large = await fetchAll(roster, running.hub.url, 'large', 1)
    const releaseAt = Date.now() + NOTICE_MS
    await desk.setEmbargo(CASE, { release: new Date(releaseAt).toISOString() })
    await new Promise((resolve) => setTimeout(resolve, releaseAt - Date.now()))
    const small = await fetchAll(roster, running.hub.url, 'small', 10)
    const events = await vendor.events()
    const lifts = events.filter(({ type }) => type === 'embargo.lifted').length
    const logged = countBy(events.filter(({ type }) => type === 'copy.delivered').map(({ subject }) => subject))
    const unlogged = [...countBy(small.served)].filter(([id, times]) => (logged.get(id) ?? 0) < times).length
    const bare = { small: await fetchBare(partners, 8 * KIB, 10), large: await fetchBare(partners, KIB * KIB, 1) }
    const errors = small.errors + large.errors
    const inTime = quantile(small.times, 0.99) <= 1500 && quantile(large.times, 0.99) <= 5000
    return {
      passed: errors === 0 && unlogged === 0 && lifts === 1 && (size === 'small' || inTime),
      figures: {
        partners,
        ...figures('8 KiB', small.times, bare.small),
        ...figures('1 MiB', large.times, bare.large),
        errors,
        unlogged,
        lifts,
      },
    }
  } finally {
    await running.remove()
  }
}

function countBy(ids: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...Map.groupBy(ids, (id) => id)].map(([id, all]) => [id, all.length]))
}

interface Fetched {
  /** What was served, as often as it was. */
  readonly served: readonly string[]
  /** Milliseconds of every request that was served. */
  readonly times: readonly number[]
  readonly errors: number
}

/** What is asked for at the moment of lift, timed and logged: the keys; and what may be had before: bodies. */
const FETCH = {
  small: (client: PartnerClient, id: string): Promise<unknown> => client.fetchPackage(id),
  large: (client: PartnerClient, id: string): Promise<unknown> => client.fetchBody(id),
} as const

/** Each partner asks `times` times, all at once, spread over a second. */
async function fetchAll(
  roster: readonly DrillPartner[],
  url: string,
  kind: keyof typeof FETCH,
  times: number,
): Promise<Fetched> {
  const requests = roster.flatMap((partner, i) => {
    const id = `${kind}-${String(i)}`
    const get = async (): Promise<string> => (await FETCH[kind](clientOf(url, partner), id), id)
    return Array.from({ length: times }, () => get)
  })
  return await allAtOnce(requests)
}

async function fetchBare(partners: number, length: number, times: number): Promise<readonly number[]> {
  const folder = mkdtempSync('/tmp/sigillo-soak-')
  const path = join(folder, 'file')
  writeFileSync(path, randomBytes(length))
  const server = await serveFile(path)
  try {
    const get = async (): Promise<string> => (await (await fetch(server.url)).arrayBuffer(), path)
    return (await allAtOnce(Array.from({ length: partners * times }, () => get))).times
  } finally {
    server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function allAtOnce(requests: readonly (() => Promise<string>)[]): Promise<Fetched> {
  const times: number[] = []
  let errors = 0
  const served: string[] = []
  const one = async (request: () => Promise<string>, at: number): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, (1000 * at) / requests.length))
    const from = performance.now()
    try {
      served.push(await request())
      times.push(performance.now() - from)
    } catch {
      errors++
    }
  }
  await Promise.all(requests.map(one))
  return { served, times, errors }
}

function figures(name: string, times: readonly number[], bare: readonly number[]): Record<string, Figure> {
  return {
    [`${name}, p50`]: milliseconds(quantile(times, 0.5)),
    [`${name}, p99`]: milliseconds(quantile(times, 0.99)),
    [`${name}, bare server p50`]: milliseconds(quantile(bare, 0.5)),
    [`${name}, bare server p99`]: milliseconds(quantile(bare, 0.99)),
  }
}
