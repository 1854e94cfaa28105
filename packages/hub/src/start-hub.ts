import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Engine } from '@sigillo/db/engine'
import { openEmbedded } from '@sigillo/db/engine-embedded'
import { openServer } from '@sigillo/db/engine-server'
import { migrate } from '@sigillo/db/migrations'
import { buildServer, type HubLog } from './routes/build-server.ts'
import type { HubContext } from './context.ts'
import { HubError } from './errors.ts'
import type { Repetition } from './internal/repeat.ts'
import { countResponse, newProcessCounts, type ProcessCounts, renderMetrics } from './metrics.ts'
import { type MetricsServer, serveMetrics } from './metrics-server.ts'
import { openSigner } from './log/open-signer.ts'
import type { Padding } from './log/padding.ts'
import { startProver } from './log/prover.ts'
import { type Reloaded, reloader } from './reload.ts'
import { registerRoutes } from './routes/register-routes.ts'
import { breakFourEyes } from './people/rules.ts'
import { startSequencer } from './log/sequencer.ts'
import type { TreeSigner } from './signer/tree-signer.ts'
import { loadSignInKey } from './sign-in/secret-key.ts'
import { openSignIn } from './sign-in/sign-in.ts'
import { type MessageOptions, startClocks } from './lift/start-clocks.ts'
import { systemTime, type TimeSources, toldTime } from './lift/time-sources.ts'
import { makeVendorToken } from './people/vendor-token.ts'
import { loadWebhookKey } from './messages/webhook-key.ts'
import { renewableWitnesses } from './witnesses/renewable-witnesses.ts'
import { requireNotBehind } from './witnesses/witness-guard.ts'
import { parseWitnessPolicy } from './witnesses/witness-policy.ts'
import { noWitnesses, startWitnesses, type Witnesses } from './witnesses/witnesses.ts'

/** How a hub is started. */
export interface HubOptions {
  /** Folder for the log key, the sign-in key, the vendor token, the high-water mark and, without `databaseUrl`, the embedded database. */
  readonly dataDir: string
  /** `postgres://…`: use that server instead of the embedded database. */
  readonly databaseUrl?: string
  /** Default 127.0.0.1. The hub speaks plain HTTP: put TLS in front of anything else. */
  readonly host?: string
  /** Default 0: a free port. */
  readonly port?: number
  /**
   * Address that browsers find the hub at, such as `https://hub.example`; people sign in there. Default: `http://localhost` with the port,
   * when the hub listens on this machine only; else nobody signs in by browser. Passkeys are good for one host name: it is for ever.
   */
  readonly publicUrl?: string
  /** Name of the log: a URL without its scheme, for ever. */
  readonly origin: string
  /** Socket of the process that holds the log key (`serveSigner`); default: the key is in `dataDir`. */
  readonly signer?: string
  /** Default: the system's. Embargoes and events go by it. */
  readonly clock?: () => Date
  /** Default: the system's generator. Gives that many random bytes. */
  readonly random?: (length: number) => Uint8Array
  /** Text of the witness policy; see `parseWitnessPolicy`. Default: no witnesses. */
  readonly witnesses?: string
  /** Longest wait of a request for the quorum of witnesses, in milliseconds; default 5,000. */
  readonly witnessWaitMs?: number
  /**
   * `system`: embargoes go by this clock, the database's, a steady one and the witnesses', and no single one makes anything early. `told`:
   * by this clock alone, for tests and replays. Default: `told` when a clock is given.
   */
  readonly time?: 'system' | 'told'
  /** Seconds between two checkpoints, each padded to a multiple of 16 leaves, whatever happens; default: none of both. */
  readonly cadenceSeconds?: number
  /** Port for `/metrics` in Prometheus's format, on this machine only and without a token; 0 for a free one. Default: none. */
  readonly metricsPort?: number
  /** How messages leave; default: to public https addresses only, and no mail. */
  readonly messages?: MessageOptions
  /** Takes every action out of four eyes at this start, for this reason, which is logged: for when too few people are left. */
  readonly breakFourEyes?: string
  /** Hears what an operator should see. */
  readonly log?: HubLog
}

/** A running hub. */
export interface Hub {
  /** Address it answers at. */
  readonly url: string
  /** The vendor's token, if this start made it; it is also in `dataDir/vendor.token`. */
  readonly vendorToken: string | null
  /** Verifier key of the log (C2SP vkey) as it is now; while it is replaced, the old one. */
  readonly logKey: string
  /** All that sign, the oldest first. */
  readonly logKeys: readonly string[]
  /** Where metrics are, or null. */
  readonly metricsUrl: string | null
  /**
   * Reads the keys of the log again and takes this witness policy (`HubOptions.witnesses`), without a restart. Throws {@link HubError} `bad-key-file`,
   * `bad-options`, `signer-unavailable`, `log-rolled-back`, each in one clear line; then everything is as it was.
   */
  reload(witnesses?: string): Promise<Reloaded>
  /** Finishes running requests, then stops. May be called twice. */
  stop(): Promise<void>
}

/**
 * Starts a hub. Throws {@link HubError} (`bad-options`, `port-in-use`, `bad-key-file`, `log-rolled-back`, `log-damaged`) or the
 * database's `DbError` (`locked`, `bad-data-dir`, `engine-failed`, `unreachable`, …); each message is one clear line, and whatever
 * was started is stopped again.
 */
export async function startHub(options: HubOptions): Promise<Hub> {
  const dataDir = resolve(options.dataDir)
  const engine = await openEngine(options, dataDir)
  try {
    await migrate(engine.db)
    return await startOn(engine, options, dataDir)
  } catch (error) {
    await engine.close()
    throw error
  }
}

async function startOn(engine: Engine, options: HubOptions, dataDir: string): Promise<Hub> {
  const clock = options.clock ?? (() => new Date())
  const random = options.random ?? ((length: number) => randomBytes(length))
  const log: HubLog = options.log ?? (() => undefined)
  const signer = await openSigner(engine.db, { socket: options.signer, dataDir, origin: options.origin, random })
  try {
    return await startSigning(engine, signer, options, { dataDir, clock, random, log })
  } catch (error) {
    await signer.close()
    throw error
  }
}

interface Surroundings {
  readonly dataDir: string
  readonly clock: () => Date
  readonly random: (length: number) => Uint8Array
  readonly log: HubLog
}

async function startSigning(
  engine: Engine,
  signer: TreeSigner,
  options: HubOptions,
  { dataDir, clock, random, log }: Surroundings,
): Promise<Hub> {
  const rules = options.witnesses === undefined ? null : parseWitnessPolicy(options.witnesses, signer.keys)
  const witnesses = renewableWitnesses(noWitnesses)
  const counts = newProcessCounts()
  const sequencer = await startSequencer({
    engine,
    signer,
    floor: () => witnesses.newest(),
    onSigned: () => witnesses.notify(),
    clock,
    random,
    onFailure: (error) => {
      counts.logFailures++
      log({ level: 'error', message: 'the log could not be written', error })
    },
    padding: paddingOf(options),
  })
  void engine.failed.then((error) => log({ level: 'error', message: error.message, error }))
  try {
    const vendorToken = await makeVendorToken(engine, dataDir, { clock, random })
    if (rules !== null) {
      await requireNotBehind(engine, rules, log)
      await witnesses.replace(await startWitnesses({ db: engine.db, rules, clock, log }))
    }
    const hub: HubContext = {
      engine,
      sequencer,
      prover: startProver(engine.db),
      witnesses,
      witnessWaitMs: options.witnessWaitMs ?? 5_000,
      log: {
        origin: signer.origin,
        get key() {
          return signer.keys[0] ?? ''
        },
      },
      clock,
      time: timeOf(options, clock, witnesses),
      say: log,
      webhookKey: await loadWebhookKey(dataDir, random),
      signIn: openSignIn({
        db: engine.db,
        key: await loadSignInKey(dataDir, random),
        clock,
        publicUrl: options.publicUrl,
      }),
      plainWebhooks: (options.messages?.allow ?? []).length > 0,
    }
    if (options.breakFourEyes !== undefined) await breakFourEyes(hub, options.breakFourEyes)
    const running = await serve(hub, options, counts)
    const again = reloader({ engine, signer, sequencer, witnesses, clock, log })
    return {
      ...running,
      vendorToken,
      get logKey() {
        return hub.log.key
      },
      get logKeys() {
        return signer.keys
      },
      reload: (text) => again.reload(text),
      stop: async () => {
        await again.settled()
        await running.stop()
        await signer.close()
      },
    }
  } catch (error) {
    await sequencer.close()
    await witnesses.close()
    throw error
  }
}

/** Starts what asks for no request and what answers them, and knows how to stop both. */
async function serve(
  hub: HubContext,
  options: HubOptions,
  counts: ProcessCounts,
): Promise<Pick<Hub, 'url' | 'metricsUrl' | 'stop'>> {
  const app = await buildServer(hub, hub.say)
  app.addHook('onResponse', async (_request, reply) => countResponse(counts, reply.statusCode))
  registerRoutes(app, hub)
  const clocks = await startClocks(hub, options.messages ?? {})
  let metrics: MetricsServer | null = null
  try {
    if (options.metricsPort !== undefined)
      metrics = await serveMetrics(options.metricsPort, () => renderMetrics(hub, counts, () => clocks.contradiction()))
    const url = await listen(app, options)
    hub.signIn.listens(options.host ?? '127.0.0.1', Number(new URL(url).port))
    return {
      url,
      metricsUrl: metrics?.url ?? null,
      stop: stopOnce(app, hub, [clocks, ...(metrics === null ? [] : [metrics])]),
    }
  } catch (error) {
    await clocks.close()
    await metrics?.close()
    throw error
  }
}

function paddingOf({ cadenceSeconds }: HubOptions): Padding | null {
  return cadenceSeconds === undefined ? null : { cadenceMs: cadenceSeconds * 1000, multiple: 16 }
}

function timeOf(options: HubOptions, host: () => Date, witnesses: Witnesses): TimeSources {
  const { time = options.clock === undefined ? 'system' : 'told' } = options
  if (time === 'told') return toldTime(host)
  return systemTime({ host, monotonic: () => performance.now(), witnesses: () => witnesses.clocks() })
}

async function openEngine(options: HubOptions, dataDir: string): Promise<Engine> {
  if (options.databaseUrl === undefined) return await openEmbedded({ dataDir })
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  return await openServer({ url: options.databaseUrl })
}

async function listen(app: Awaited<ReturnType<typeof buildServer>>, options: HubOptions): Promise<string> {
  const { host = '127.0.0.1', port = 0 } = options
  try {
    return await app.listen({ host, port })
  } catch (error) {
    await app.close()
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'EADDRINUSE') {
      throw new HubError('port-in-use', `port ${String(port)} on ${host} is in use; choose another with --port`, {
        cause: error,
      })
    }
    throw new HubError('bad-options', `cannot listen on ${host}:${String(port)} (${String(code)})`, { cause: error })
  }
}

function stopOnce(
  app: { close(): Promise<unknown> },
  hub: HubContext,
  others: readonly Repetition[],
): () => Promise<void> {
  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    try {
      await app.close()
      await Promise.all(others.map((one) => one.close()))
      await hub.sequencer.close()
      await hub.witnesses.close()
    } finally {
      await hub.engine.close()
    }
  }
  return () => (stopped ??= stop())
}
