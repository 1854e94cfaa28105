import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { partnerClient } from '@sigillo/api/client'
import { loadLogKey } from '@sigillo/hub/log/log-key'
import { type Hub, startHub } from '@sigillo/hub/start-hub'
import { formatIdentityFile, generateIdentity } from '@sigillo/seal/identity'
import { startWitness, type Witness } from '@sigillo/witness/start-witness'
import { initWitness, LOGS_FILE } from '@sigillo/witness/witness-folder'
import { openStage, type Stage } from 'sigillo/demo/stage'
import { pullPackages } from 'sigillo/partner-hub'
import { enrolmentOf, formatPartnerKey, generatePartnerKey, type PartnerKey } from 'sigillo/partner-key'

const ORIGIN = 'hub.example/log'
const KINDS = ['log', 'witness', 'release'] as const
type Kind = (typeof KINDS)[number]

/** The keys of each kind: the old one, and the one that followed it. */
export type Keys = Readonly<Record<Kind, readonly string[]>>

/** A vendor with partners, a hub and a witness, whose keys are replaced by the product's own commands. */
export interface RotationScene {
  readonly folder: string
  readonly stage: Stage
  /** Dossiers, packages and receipts made, with the act they were made in. */
  readonly files: readonly { readonly act: string; readonly path: string }[]
  readonly keys: Keys
  /** `partner` lines of a verifier's policy. */
  readonly partners: readonly string[]
  /** Seals to everybody, hands over, has one partner open, sign and leak, traces it and writes the dossier. */
  disclose(act: string, bundle: string): Promise<void>
  /** Makes the new keys, starts everything anew with both, and tells it in the log. */
  rotate(): Promise<void>
  /** Ends the overlap, which the log tells too. */
  retire(): Promise<void>
  stop(): Promise<void>
}

/** Sets up vault, partners, hub and witness in `folder`. */
export async function startRotationScene(
  folder: string,
  partners: number,
  random: (length: number) => Uint8Array,
): Promise<RotationScene> {
  const at = (name: string): string => join(folder, name)
  const stage = await openVault(folder, random)
  const { releaseKey } = await stage.command('init', at('vault'))
  const people = await Promise.all(
    Array.from({ length: partners }, (_, i) => generatePartnerKey(`p${String(i)}`, random)),
  )
  writeFileSync(at('partners.json'), JSON.stringify(people.map((key) => ({ ...enrolmentOf(key), tier: 'full' }))))
  await stage.command('partner', 'import', at('partners.json'))
  const { vkey } = await loadLogKey(folder, ORIGIN, random)
  const witnessKey = await initWitness(at('witness'), { name: 'cert.example/witness', logs: [vkey] })
  const keys: Record<Kind, string[]> = { log: [vkey], witness: [witnessKey], release: [String(releaseKey)] }
  const scene = { folder, stage, keys, files: new Array<{ act: string; path: string }>() }
  let running = await startBoth(scene)
  const tell = async (verb: string): Promise<void> => {
    const access = ['--hub', running.hub.url, '--token-file', at('vendor.token')]
    for (const kind of KINDS) await stage.command('key', verb, at(`${kind}.note`), ...access)
  }
  const add = async (kind: Kind, ...command: readonly string[]): Promise<void> => {
    const { newKey } = await stage.command(...command, '-o', at(`${kind}.note`))
    keys[kind].push(String(newKey))
  }
  return {
    ...scene,
    partners: people.map((key) => `partner ${key.id} ${enrolmentOf(key).receiptKey}`),
    disclose: async (act, bundle) => {
      const [leaker] = people
      if (leaker === undefined) throw new Error('there is no partner')
      const paths = await discloseOnce(scene, running.hub.url, { leaker, act, bundle })
      scene.files.push(...paths.map((path) => ({ act, path })))
    },
    rotate: async () => {
      await add('log', 'signer', 'rotate', '--data', folder)
      await add('witness', 'witness', 'rotate', at('witness'))
      await add('release', 'key', 'rotate-release')
      await stopBoth(running)
      running = await startBoth(scene)
      await tell('announce')
    },
    retire: async () => {
      await tell('revoke')
      await stopBoth(running)
      await stage.command('signer', 'retire', '--data', folder, '--old', keys.log[0] ?? '')
      await stage.command('witness', 'retire', at('witness'), '--old', keys.witness[0] ?? '')
      // From now on the witness has to know the new key of the log.
      writeFileSync(at(`witness/${LOGS_FILE}`), keys.log.map((key) => `log ${key}\n`).join(''))
      running = await startBoth(scene)
    },
    stop: () => stopBoth(running),
  }
}

interface Scene {
  readonly folder: string
  readonly stage: Stage
  readonly keys: Keys
}

interface Running {
  readonly hub: Hub
  readonly witness: Witness
}

async function openVault(folder: string, random: (length: number) => Uint8Array): Promise<Stage> {
  const identity = join(folder, 'desk.key')
  writeFileSync(identity, formatIdentityFile(await generateIdentity(), '2030-01-01T00:00:00Z'), { mode: 0o600 })
  const env = { ...process.env, SIGILLO_VAULT: join(folder, 'vault'), SIGILLO_IDENTITY: identity }
  const { stdin, stdout, stderr } = process
  const now = (): Date => new Date()
  return openStage({ stdin, stdout, stderr, env, interactive: false, now, random, randomness: 'system' })
}

/** The witness, the hub that needs its cosignature, and the vault that knows both under the keys of the moment. */
async function startBoth({ folder, stage, keys }: Scene): Promise<Running> {
  const witness = await startWitness({ dir: join(folder, 'witness') })
  try {
    const witnesses = `release witnessed\n${quorumOf(keys.witness, witness.url)}`
    const hub = await startHub({ dataDir: folder, origin: ORIGIN, witnesses })
    const policy = join(folder, 'desk-policy')
    writeFileSync(policy, `${keys.log.map((key) => `log ${key}\n`).join('')}${quorumOf(keys.witness, witness.url)}`)
    const access = ['--token-file', join(folder, 'vendor.token'), '--log-key', hub.logKey, '--policy', policy]
    await stage.command('connect', hub.url, ...access)
    return { hub, witness }
  } catch (error) {
    await witness.stop()
    throw error
  }
}

async function stopBoth({ hub, witness }: Running): Promise<void> {
  await hub.stop()
  await witness.stop()
}

/** One organisation, whichever of its keys cosigned. */
export function quorumOf(keys: readonly string[], url = ''): string {
  const names = keys.map((_, at) => `w${String(at)}`)
  const lines = keys.map((key, at) => `witness ${names[at] ?? ''} ${key} ${url}`.trimEnd())
  return [...lines, `group cert any ${names.join(' ')}`, 'quorum cert', ''].join('\n')
}

async function discloseOnce(
  { folder, stage, keys }: Scene,
  url: string,
  { leaker, act, bundle }: { readonly leaker: PartnerKey; readonly act: string; readonly bundle: string },
): Promise<readonly string[]> {
  const at = (name: string): string => join(folder, `${act}-${name}`)
  await stage.command('case', 'new', act, '--release', new Date(Date.now() + 86_400_000).toISOString())
  await stage.command('artefact', 'add', act, bundle, '--name', `bundle-${act}`)
  await stage.command('seal', act, '--to', 'all')
  await stage.command('push')
  await pullPackages(url, leaker.token, at('pulled'), new Date())
  const mine = (await partnerClient(url, leaker.token).packages()).find((one) => one.case === act)
  const path = at(`pulled/${mine?.id ?? ''}.sigillo`)
  writeFileSync(at('key'), formatPartnerKey(leaker, '2030-01-01T00:00:00Z'))
  // The partner knows the first key only, and any other because that one introduced it.
  const introduction = join(folder, 'release.note')
  const known = [
    '--vendor',
    keys.release[0] ?? '',
    ...(existsSync(introduction) ? ['--introduction', introduction] : []),
  ]
  await stage.command('open', path, '--key', at('key'), '-o', at('opened'), ...known)
  await stage.command('receipt', path, '--key', at('key'), '-o', at('receipt'), '--hub', url, ...known)
  await stage.command('trace', at('opened/guidance.md'), '--case', act)
  await stage.command('dossier', act, '-o', at('dossier'))
  if (readFileSync(at('dossier')).length === 0) throw new Error('the dossier is empty')
  return [at('dossier'), path, at('receipt')]
}
