import { join } from 'node:path'
import { writeDurably } from '@sigillo/desk/durable-file'
import { partnerClient } from '@sigillo/api/client'
import { packageHash } from '@sigillo/seal/package'
import { signReceipt } from '@sigillo/seal/receipt'
import { readFile } from 'node:fs/promises'
import { pullPackages, sendReceipt } from '../partner-hub.ts'
import { enrolmentOf, receiptSigner } from '../partner-key.ts'
import { drawRecipients, importFile, type ReplayRecipient } from './recipients.ts'
import { planShape } from './shapes.ts'
import { CASE, type World } from './world.ts'

/** What the first act leaves behind. */
export interface Shared {
  readonly recipients: readonly ReplayRecipient[]
  readonly releaseKey: string
  /** What a verifier trusts in the replay: its keys and its witnesses. */
  readonly policy: string
  readonly distribution: string
  readonly copies: number
  readonly descriptionOnly: number
  readonly sites: { readonly total: number; readonly byPool: Readonly<Record<string, number>> }
  /** Package files that partners fetched, by recipient. */
  readonly fetched: ReadonlyMap<string, readonly string[]>
}

/** Programme, case, artefact, marks, seals, hub, hand-over and receipts. */
export async function share(world: World): Promise<Shared> {
  const { stage, tell, examples, folder } = world
  const { releaseKey } = await stage.command('init', join(folder, 'vault'), '--programme', 'Posta early disclosure')
  await stage.command('policy', 'set', examples.policy)
  world.say('drawing the keys of 88 recipients')
  const recipients = await drawRecipients(world.random)
  await writeDurably(join(folder, 'partners.json'), importFile(recipients))
  await stage.command('partner', 'import', join(folder, 'partners.json'))
  tell(
    `Programme   81 partners in 3 tiers, 6 groups of the vendor and the finder: ${recipients.length} recipients, each with its own keys`,
  )
  await stage.command(
    'case',
    'new',
    CASE,
    '--release',
    '2021-03-09T18:00:00Z',
    '--title',
    'Hand-over of a session in Posta',
  )
  const imported = await stage.command('case', 'event', 'import', CASE, examples.chronology)
  tell(
    `Case        ${CASE}, under embargo until 2021-03-09T18:00Z, with the ${String(imported['added'])} events of the 2021 Exchange chronology`,
  )
  const sites = await mark(world)
  const hub = await world.hub
  const policy = [
    `log ${hub.logKey}`,
    `vendor ${String(releaseKey)}`,
    `investigator ${String(releaseKey)}`,
    ...recipients.map(({ key }) => `partner ${key.id} ${enrolmentOf(key).receiptKey}`),
    ...hub.quorum,
    '',
  ].join('\n')
  await writeDurably(join(folder, 'policy.txt'), policy, 0o644)
  await stage.command(
    'connect',
    hub.url,
    '--token-file',
    join(folder, 'hub', 'vendor.token'),
    '--log-key',
    hub.logKey,
    '--policy',
    join(folder, 'policy.txt'),
  )
  world.say('freezing the plan, committing to the code, rendering and sealing every copy')
  const sealed = await stage.command('seal', CASE, '--to', 'all', '--test-samples', '2')
  const packages = Array.isArray(sealed['packages']) ? sealed['packages'].length : 0
  tell(
    `Sealed      ${packages} packages, every copy checked, 2 run against a live Posta; code committed: ${String(sealed['commitment']).slice(0, 16)}…`,
  )
  world.say('uploading ciphertext to the hub')
  await stage.command('push')
  const fetched = await handOver(world, hub.url, recipients, String(releaseKey))
  return {
    recipients,
    releaseKey: String(releaseKey),
    policy,
    distribution: String(sealed['distribution']),
    copies: packages,
    descriptionOnly: await countDescriptionOnly(hub.url, recipients),
    sites,
    fetched,
  }
}

async function mark({ stage, tell, say, examples }: World): Promise<Shared['sites']> {
  say('finding mark sites in the bundle')
  const test = `'${process.execPath}' '${examples.check}'`
  await stage.command('artefact', 'add', CASE, examples.bundle, '--name', 'posta-bundle', '--test', test)
  const plan = await stage.command('plan', 'posta-bundle')
  const { sites } = planShape.parse(plan)
  const pools = Object.entries(sites.byPool).map(([pool, count]) => `${pool} ${count}`)
  tell(`Artefact    Posta's bundle: ${sites.total} mark sites (${pools.join(', ')})`)
  return sites
}

/** On the replay's 23 February every recipient whose time has come fetches and signs for its packages. */
async function handOver(
  world: World,
  url: string,
  recipients: readonly ReplayRecipient[],
  vendor: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  world.clock.jumpTo('2021-02-23T18:00:01Z')
  const fetched = new Map<string, readonly string[]>()
  const queue = [...recipients]
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      fetched.set(next.record.id, await fetchAndSign(world, url, next))
      world.say(`hand-over and receipt ${fetched.size} of ${recipients.length}`)
    }
  }
  await Promise.all(Array.from({ length: 8 }, worker))
  const count = [...fetched.values()].reduce((sum, paths) => sum + paths.length, 0)
  world.tell(
    `Handed over ${count} packages on 23 February 2021 (replayed), each logged before its bytes left, each signed for; release key ${vendor.slice(0, 30)}…`,
  )
  return fetched
}

async function fetchAndSign(world: World, url: string, { record, key }: ReplayRecipient): Promise<readonly string[]> {
  const now = world.clock.now()
  const pulled = await pullPackages(url, key.token, join(world.folder, 'partners', record.id), now)
  for (const { package: id, path } of pulled.fetched) {
    const receipt = signReceipt(
      {
        recipient: record.id,
        distribution: `${CASE}.d1`,
        package: packageHash(await readFile(path)),
        at: now.toISOString(),
        seen: null,
      },
      receiptSigner(key),
    )
    await sendReceipt(url, key.token, id, receipt)
  }
  return pulled.fetched.map(({ path }) => path)
}

/** Asked of the hub, as those recipients would: one package each, and not before the release. */
async function countDescriptionOnly(url: string, recipients: readonly ReplayRecipient[]): Promise<number> {
  const restricted = recipients.filter(({ record }) => record.country === 'QQ')
  const lists = await Promise.all(restricted.map(({ key }) => partnerClient(url, key.token).packages()))
  const release = Date.parse('2021-03-09T18:00:00Z')
  return lists.filter(
    (list) =>
      list.length === 1 &&
      list.every(({ notBefore, fetched }) => Date.parse(notBefore ?? '') === release && fetched === null),
  ).length
}
