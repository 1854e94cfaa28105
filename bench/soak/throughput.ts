import { randomBytes, randomUUID } from 'node:crypto'
import { vendorClient, type VendorClient } from '@sigillo/api/client'
import { organisationClient } from '@sigillo/api/client-people'
import { generateToken, hashToken } from '@sigillo/api/token'
import { findServerBinaries, withClient } from '@sigillo/testkit/postgres-cluster'
import { peakMemoryMib } from '../peak-memory.ts'
import type { Drill, Outcome, Size } from './drill.ts'
import { type EngineKind, startHubOn } from './engines.ts'
import { milliseconds, quantile } from './quantiles.ts'

/** Goal L10: how fast events reach a signed checkpoint, beside the commits that the same database does without us. */
export const throughput: readonly Drill[] = (['PostgreSQL', 'embedded'] as const).map((engine) => ({
  id: 'L10',
  title: `events a second, ${engine}`,
  goal: '1,000 events/s sustained; p99 to the signed checkpoint within 1 s at 200/s and 3 s at 1,000/s; large log: start within 3 s, 300 MiB',
  lacks: () => (engine === 'PostgreSQL' && findServerBinaries() === null ? 'no PostgreSQL server' : null),
  run: (size, say) => measure(engine, size, say),
}))

async function measure(engine: EngineKind, size: Size, say: (line: string) => void): Promise<Outcome> {
  let running = await startHubOn(engine)
  try {
    const seconds = size === 'full' ? 30 : 3
    const vendor = vendorClient(running.hub.url, running.token)
    const desks = await coordinators(running.hub.url, running.token)
    const most = await sustained(desks, 256, seconds)
    const at200 = await paced(desks, 200, seconds)
    const at1000 = await paced(desks, 1000, seconds)
    const commits = running.databaseUrl === null ? null : await bareCommits(running.databaseUrl, 32, seconds)
    const leaves = await fill(vendor, size === 'full' ? 1_000_000 : 20_000, say)
    const from = performance.now()
    running = await running.restart()
    const start = performance.now() - from
    const memory = peakMemoryMib(running.hub.child.pid ?? 0)
    const fast = most >= 1000 && at200.p99 <= 1000 && at1000.p99 <= 3000 && start <= 3000
    return {
      passed: at200.errors + at1000.errors === 0 && (size === 'small' || (fast && memory <= 300)),
      figures: {
        'events/s': Math.round(most),
        ...(commits === null ? {} : { 'commits/s of the bare database, 32 clients': Math.round(commits) }),
        'p99 at 200/s': milliseconds(at200.p99),
        'p99 at 1,000/s': milliseconds(at1000.p99),
        leaves,
        'start on them': milliseconds(start),
        'memory after the start, MiB': memory,
      },
    }
  } finally {
    await running.remove()
  }
}

const report = (): Parameters<VendorClient['commit']>[0][number] => ({
  type: 'leak.reported',
  stream: `case:${String(Math.floor(Math.random() * 50))}`,
  subject: randomUUID(),
  data: {},
})

/** Each person's requests are limited to 200 a second: this many can send as much as any hub takes. */
const PEOPLE = 20

/** The desks of people of the vendor, each with a token of its own. */
async function coordinators(url: string, token: string): Promise<readonly VendorClient[]> {
  const staff = organisationClient(url, token, 'vendor')
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString()
  const tokens = Array.from({ length: PEOPLE }, () => generateToken((length) => randomBytes(length)))
  for (const [at, own] of tokens.entries()) {
    const tokenHash = Buffer.from(hashToken(own)).toString('hex')
    const desk = { id: 'desk', role: 'coordinator' as const, tokenHash, expiresAt }
    await staff.add(`coordinator-${String(at)}`, { role: 'coordinator', token: desk })
  }
  return tokens.map((own) => vendorClient(url, own))
}

/** One event a request, `writers` at a time, as fast as it goes. */
async function sustained(desks: readonly VendorClient[], writers: number, seconds: number): Promise<number> {
  const end = performance.now() + seconds * 1000
  let done = 0
  const writer = async (at: number): Promise<void> => {
    while (performance.now() < end) {
      await desks[at % desks.length]!.commit([report()])
      done++
    }
  }
  await Promise.all(Array.from({ length: writers }, (_, at) => writer(at)))
  return done / seconds
}

/** One event a request at a steady pace, whether the answers come or not. */
async function paced(
  desks: readonly VendorClient[],
  perSecond: number,
  seconds: number,
): Promise<{ readonly p99: number; readonly errors: number }> {
  const times: number[] = []
  let errors = 0
  const one = async (at: number): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, (1000 * at) / perSecond))
    const from = performance.now()
    await desks[at % desks.length]!.commit([report()]).then(
      () => times.push(performance.now() - from),
      () => errors++,
    )
  }
  await Promise.all(Array.from({ length: perSecond * seconds }, (_, at) => one(at)))
  return { p99: quantile(times, 0.99), errors }
}

/** Single-row transactions of the database itself. */
async function bareCommits(url: string, clients: number, seconds: number): Promise<number> {
  await withClient(url, (client) => client.query('create table bare (id bigserial primary key, body text)'))
  const end = performance.now() + seconds * 1000
  let done = 0
  const one = (): Promise<void> =>
    withClient(url, async (client) => {
      while (performance.now() < end) {
        await client.query(`insert into bare (body) values ('x')`)
        done++
      }
    })
  await Promise.all(Array.from({ length: clients }, one))
  return done / seconds
}

/** Grows the log to about `leaves`, a hundred events a request. */
async function fill(vendor: VendorClient, leaves: number, say: (line: string) => void): Promise<number> {
  const hundred = (): Parameters<VendorClient['commit']>[0] => Array.from({ length: 100 }, report)
  for (let done = 0; done < leaves; done += 800) {
    await Promise.all(Array.from({ length: 8 }, () => vendor.commit(hundred())))
    if (done % 100_000 < 800) say(`${String(done)} leaves`)
  }
  return leaves
}
