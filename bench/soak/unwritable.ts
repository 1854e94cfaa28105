import { findServerBinaries, withClient } from '@sigillo/testkit/postgres-cluster'
import { lacksSmallDisk, makeSmallDisk } from '@sigillo/testkit/small-disk'
import type { Drill, Outcome, Size } from './drill.ts'
import type { EngineKind } from './engines.ts'
import { type Scene, startScene } from './unwritable-scene.ts'

const MOST_RECOVERY_MS = 10_000
const AT_ONCE = 20
/** A new cluster has about 40 MB, and its write-ahead log comes in pieces of 16 MB. */
const DISK_MB = 96

/** One way in which the log cannot be written while the hub lives on. */
interface Failure {
  readonly title: string
  readonly engine: EngineKind
  readonly lacks?: () => string | null
  readonly onDisk?: boolean
  /** Makes the log unwritable while `attempts` runs, and mends it. */
  readonly during: (scene: Scene, attempts: () => Promise<void>) => Promise<void>
}

const failures: readonly Failure[] = [
  ...(['PostgreSQL', 'embedded'] as const).map((engine) => ({
    title: `dead signer, ${engine}`,
    engine,
    during: async (scene: Scene, attempts: () => Promise<void>) => {
      await scene.killSigner()
      await attempts()
      await scene.startSigner()
    },
  })),
  {
    title: 'stopped server',
    engine: 'PostgreSQL',
    during: async (scene, attempts) => {
      await scene.stopServer()
      await attempts()
      await scene.startServer()
    },
  },
  { title: 'dropped connections', engine: 'PostgreSQL', during: whileConnectionsDrop },
  {
    title: 'full disk',
    engine: 'PostgreSQL',
    lacks: lacksSmallDisk,
    onDisk: true,
    during: async (scene, attempts) => {
      scene.disk?.fill()
      await useUp(scene)
      await attempts()
      scene.disk?.makeRoom()
    },
  },
]

/** Goal A1: a hub that cannot log hands out nothing, and goes on by itself when it can. */
export const unwritable: readonly Drill[] = failures.map((failure) => ({
  id: 'A1',
  title: failure.title,
  goal: '0 of 1,000 attempts get anything while nothing can be logged, each refused by 503; back within 10 s',
  lacks: () =>
    failure.engine === 'PostgreSQL' && findServerBinaries() === null
      ? 'no PostgreSQL server'
      : (failure.lacks?.() ?? null),
  run: (size) => attempt(failure, size),
}))

async function attempt({ engine, onDisk, during }: Failure, size: Size): Promise<Outcome> {
  const scene = await startScene(engine, onDisk === true ? makeSmallDisk(DISK_MB) : null)
  try {
    await scene.partner.fetchPackage('p-1')
    const counts = { attempts: size === 'full' ? 1000 : 40, 'handed out': 0, 'refused otherwise': 0 }
    await during(scene, async () => {
      for (let asked = 0; asked < counts.attempts; asked += AT_ONCE) {
        const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => ask(scene)))
        counts['handed out'] += answers.filter((answer) => answer === 'handed out').length
        counts['refused otherwise'] += answers.filter((answer) => answer === 'refused otherwise').length
      }
    })
    const recovery = await recoveryOf(scene)
    const isAlive = scene.hub.child.exitCode === null && scene.hub.child.signalCode === null
    return {
      passed:
        counts['handed out'] + counts['refused otherwise'] === 0 &&
        recovery !== null &&
        recovery <= MOST_RECOVERY_MS &&
        isAlive,
      figures: { ...counts, 'recovery s': recovery === null ? 'none' : Math.round(recovery / 10) / 100 },
    }
  } finally {
    await scene.remove()
  }
}

type Answer = 'handed out' | 'refused' | 'refused otherwise'

async function ask({ partner }: Scene): Promise<Answer> {
  try {
    await partner.fetchPackage('p-1')
    return 'handed out'
  } catch (error) {
    const isRight =
      error instanceof Error &&
      'code' in error &&
      error.code === 'log-unavailable' &&
      'status' in error &&
      error.status === 503
    return isRight ? 'refused' : 'refused otherwise'
  }
}

/** Milliseconds until something is handed out again, or null when that takes far too long. */
async function recoveryOf(scene: Scene): Promise<number | null> {
  const from = performance.now()
  while (performance.now() - from < 3 * MOST_RECOVERY_MS) {
    if ((await ask(scene)) === 'handed out') return performance.now() - from
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return null
}

/** Holding the log makes the hub's writer wait in the middle of its transaction, where it is then cut off. */
async function whileConnectionsDrop(scene: Scene, attempts: () => Promise<void>): Promise<void> {
  const url = scene.databaseUrl ?? ''
  await withClient(url, async (holder) => {
    const { rows } = await holder.query<{ pid: number }>('select pg_backend_pid() as pid')
    await holder.query('begin')
    await holder.query('select 1 from log_state for update')
    const drop = (): Promise<unknown> =>
      withClient(url, (client) =>
        client.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where backend_type = 'client backend' and pid <> pg_backend_pid() and pid <> $1`,
          [rows[0]?.pid],
        ),
      )
    const dropping = setInterval(() => void drop().catch(() => undefined), 50)
    await attempts().finally(() => clearInterval(dropping))
  })
}

/** What the server had reserved is used first: until then the log can be written, and may be. */
async function useUp(scene: Scene): Promise<void> {
  for (let refused = 0, asked = 0; refused < AT_ONCE; asked++) {
    refused = (await ask(scene)) === 'handed out' ? 0 : refused + 1
    if (asked > 20_000) throw new Error('the disk did not get full')
  }
}
