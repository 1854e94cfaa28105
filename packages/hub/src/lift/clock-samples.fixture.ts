import type { clockRoutes } from '@sigillo/api/routes-clocks'
import { clockClient } from '@sigillo/api/client-clocks'

/** A request below `/v1`. */
interface Sample {
  readonly path: string
  readonly json?: unknown
}

/** The release of embargoes in tests, some time after the tests' clock. */
export const RELEASE = '2026-03-09T18:00:00Z'

/** Cases under embargo that nothing was done to yet; each sample takes one. */
export interface SparedCases {
  take(): string
}

/** Puts `count` cases under embargo. */
export async function spareCases(address: { url: string; token: string }, count: number): Promise<SparedCases> {
  const client = clockClient(address.url, address.token)
  const cases = Array.from({ length: count }, (_, at) => `p-${String(1000 + at)}`)
  for (const id of cases) await client.setEmbargo(id, { release: RELEASE })
  return {
    take: () => {
      const id = cases.pop()
      if (id === undefined) throw new Error('there are no spare cases left')
      return id
    },
  }
}

/** One request for each route about clocks that its rightful caller gets an answer to. */
export function clockSamples(spare: SparedCases): Record<keyof typeof clockRoutes, () => Sample> {
  return {
    listEmbargoes: () => ({ path: '/embargoes' }),
    setEmbargo: () => ({ path: `/embargoes/p-${String(Math.random()).slice(2)}`, json: { release: RELEASE } }),
    cancelEmbargo: () => ({ path: `/embargoes/${spare.take()}/cancel`, json: {} }),
    tellCase: () => ({ path: `/embargoes/${spare.take()}/state`, json: { event: 'F' } }),
    breakEmbargo: () => ({ path: `/embargoes/${spare.take()}/break`, json: { reason: 'leak' } }),
    liftEmbargo: () => ({ path: `/embargoes/${spare.take()}/lift`, json: {} }),
    listSilent: () => ({ path: '/silent?case=case-1' }),
    openedPackage: () => ({ path: '/me/packages/p-1/opened', json: {} }),
    listEndpoints: () => ({ path: '/endpoints' }),
    setEndpoint: () => ({ path: '/endpoints', json: { channel: 'webhook', address: 'https://partner.example/hook' } }),
  }
}
