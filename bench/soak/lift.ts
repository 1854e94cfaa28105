import { partnerClient, vendorClient } from '@sigillo/api/client'
import { clockClient } from '@sigillo/api/client-clocks'
import { findServerBinaries } from '@sigillo/testkit/postgres-cluster'
import type { Drill, Outcome } from './drill.ts'
import { type HubCluster, startHubCluster } from './lift-cluster.ts'
import { type DrillPartner, enrolPartners, issueTo } from './programme.ts'
import { milliseconds, quantile } from './quantiles.ts'

const PROCESSES = 3
/** Cases whose release is planned for the same moment in one round. */
const CASES = 2

/** Goal T1: hub processes are killed around the planned instant. */
export const liftUnderKills: Drill = {
  id: 'T1',
  title: 'killed around the release, three processes on PostgreSQL',
  goal: '0 early, 0 double, 0 missed; lateness p99 within 2 s while a process lives, within 5 s after a restart',
  lacks: () => (findServerBinaries() === null ? 'no PostgreSQL server' : null),
  run: async (size, say) => liftRounds(size === 'full' ? 500 : 10, say),
}

/** Counts of all rounds; lateness in milliseconds. */
interface Totals {
  early: number
  double: number
  missed: number
  readonly alive: number[]
  readonly restarted: number[]
}

/** Runs that many rounds of the drill. */
export async function liftRounds(rounds: number, say: (line: string) => void): Promise<Outcome> {
  const cluster = await startHubCluster(findServerBinaries() ?? '', PROCESSES)
  const totals: Totals = { early: 0, double: 0, missed: 0, alive: [], restarted: [] }
  try {
    const [partner] = await enrolPartners(vendorClient(cluster.live()[0]?.url ?? '', cluster.token), 1)
    if (partner === undefined) throw new Error('no partner was enrolled')
    for (let round = 0; round < rounds; round++) {
      await oneRound(cluster, partner, round, totals)
      if (round % 25 === 24) say(`${String(round + 1)} of ${String(rounds)} rounds`)
    }
  } finally {
    await cluster.close()
  }
  const { early, double, missed, alive, restarted } = totals
  const worst = { alive: quantile(alive, 0.99), restarted: quantile(restarted, 0.99) }
  const text = (values: readonly number[]): string =>
    `${milliseconds(quantile(values, 0.5))} / ${milliseconds(quantile(values, 0.99))}`
  return {
    passed: early + double + missed === 0 && worst.alive <= 2_000 && worst.restarted <= 5_000,
    figures: {
      rounds,
      lifts: alive.length + restarted.length,
      early,
      double,
      missed,
      'lateness p50 / p99 with a live process': text(alive),
      'lateness p50 / p99 after all were killed': text(restarted),
    },
  }
}

async function oneRound(cluster: HubCluster, partner: DrillPartner, round: number, totals: Totals): Promise<void> {
  const cases = Array.from({ length: CASES }, (_, at) => `round-${String(round)}-${String(at)}`)
  const releaseAt = Date.now() + 2_500 + Math.floor(Math.random() * 400)
  const release = new Date(releaseAt).toISOString()
  const [first] = cluster.live()
  const [desk, vendor] = [clockClient(first?.url ?? '', cluster.token), vendorClient(first?.url ?? '', cluster.token)]
  for (const caseId of cases) {
    await desk.setEmbargo(caseId, { release })
    await issueTo(vendor, partner, caseId, undefined, { case: caseId, notBefore: release })
  }
  const fetching = fetchUntilGiven(cluster, partner.token, cases, releaseAt)
  const areAllKilled = round % 4 === 3
  // Of the rounds that kill all, every other one does so before the release for sure: then a restarted process has to lift.
  const span = areAllKilled && round % 8 === 3 ? 450 : 900
  await pause(releaseAt - Date.now() - 500 + Math.random() * span)
  const killed = draw(areAllKilled ? PROCESSES : 1 + Math.floor(Math.random() * 2))
  await cluster.kill(killed)
  // Whoever is left has the machine to itself; when nobody is, the first to be started again has to do it.
  const isAnyLeft = killed.length < PROCESSES
  if (isAnyLeft) totals.early += await fetching
  const upAgain = await cluster.restart()
  if (!isAnyLeft) totals.early += await fetching
  await judge(cluster, cases, totals, { releaseAt, upAgain: isAnyLeft ? null : upAgain })
}

/** Asks every live process for the packages until it gets them; counts those that were given before the release. */
async function fetchUntilGiven(
  cluster: HubCluster,
  token: string,
  cases: readonly string[],
  releaseAt: number,
): Promise<number> {
  let early = 0
  const waiting = new Set(cases)
  while (waiting.size > 0 && Date.now() < releaseAt + 20_000) {
    for (const id of waiting) {
      if (!(await isGiven(cluster, token, id))) continue
      waiting.delete(id)
      if (Date.now() < releaseAt) early++
    }
    await pause(40)
  }
  return early
}

/** Whether any live process gives the package. */
async function isGiven(cluster: HubCluster, token: string, id: string): Promise<boolean> {
  for (const { url } of cluster.live()) {
    const asked = partnerClient(url, token, { timeoutMs: 5_000 }).fetchPackage(id)
    const given = await asked.then(
      () => true,
      () => false,
    )
    if (given) return true
  }
  return false
}

async function judge(
  cluster: HubCluster,
  cases: readonly string[],
  totals: Totals,
  times: { readonly releaseAt: number; readonly upAgain: number | null },
): Promise<void> {
  const vendor = vendorClient(cluster.live()[0]?.url ?? '', cluster.token)
  for (const caseId of cases) {
    const lifts = (await vendor.events({ stream: `case:${caseId}` })).filter(({ type }) => type === 'embargo.lifted')
    const [lift] = lifts
    if (lift === undefined) {
      totals.missed++
      continue
    }
    if (lifts.length > 1) totals.double++
    const at = Date.parse(lift.at)
    if (at < times.releaseAt) totals.early++
    const isRestarted = times.upAgain !== null && at > times.upAgain - 1_000
    if (isRestarted) totals.restarted.push(at - Math.max(times.releaseAt, times.upAgain ?? 0))
    else totals.alive.push(at - times.releaseAt)
  }
}

function draw(count: number): readonly number[] {
  const places = Array.from({ length: PROCESSES }, (_, place) => place)
  return places.sort(() => Math.random() - 0.5).slice(0, count)
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
