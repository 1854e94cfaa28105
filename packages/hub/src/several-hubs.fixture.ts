import type { TemporaryPostgres } from '@sigillo/testkit/postgres'
import { startTestHub, type TestHub } from './programme.fixture.ts'

/** Hubs over one database, which go by one clock. */
export interface SeveralHubs {
  /** The first one has the vendor's token. */
  readonly hubs: readonly [TestHub, ...TestHub[]]
  now: Date
  close(): Promise<void>
}

/** What races are run on: one hub on the embedded database, and two on one PostgreSQL server, which null leaves out. */
export const SEVERAL = [
  {
    title: 'one hub on the embedded engine',
    open: (_: TemporaryPostgres | null, now: Date) => openHubs(undefined, now),
  },
  {
    title: 'two hubs on one PostgreSQL',
    open: async (postgres: TemporaryPostgres | null, now: Date) =>
      postgres === null ? null : await openHubs(await postgres.createDatabase(), now),
  },
]

async function openHubs(databaseUrl: string | undefined, now: Date): Promise<SeveralHubs> {
  const shared = { now }
  const clock = (): Date => shared.now
  const first = await startTestHub({ clock, ...(databaseUrl === undefined ? {} : { databaseUrl }) })
  const { dataDir, vendorToken } = first
  const second = databaseUrl === undefined ? [] : [await startTestHub({ clock, databaseUrl, dataDir }, vendorToken)]
  const hubs = [first, ...second] as const
  return {
    hubs,
    get now() {
      return shared.now
    },
    set now(at) {
      shared.now = at
    },
    close: async () => {
      await Promise.all(hubs.map((hub) => hub.stop()))
      first.remove()
    },
  }
}
