import { randomBytes } from 'node:crypto'
import { vendorClient, type VendorClient } from '@sigillo/api/client'
import { clockClient } from '@sigillo/api/client-clocks'
import { erase } from '@sigillo/api/client-erasure'
import { approvalClient, organisationClient } from '@sigillo/api/client-people'
import type { EraseRequest, ErasureStatus } from '@sigillo/api/contracts-erasure'
import { generateToken, hashToken } from '@sigillo/api/token'
import { eraseWish } from '@sigillo/api/wishes'
import { writeDossier } from '@sigillo/dossier/write-dossier'
import { noteSigner } from '@sigillo/seal/ed25519'
import { utf8 } from '@sigillo/tlog/encoding'
import type { Form } from './canary-search.ts'
import { formsOf, formsOfBytes } from './canary-search.ts'
import { clientOf, type DrillPartner, enrolPartners, issueTo, release } from './programme.ts'

/** A hub's programme with twice as many events and packages as are erased. */
export interface ErasureScene {
  readonly partners: readonly DrillPartner[]
  /** Places of the events that are erased, and of those that stay. */
  readonly erased: readonly number[]
  readonly kept: readonly number[]
  /** Ids of the packages that are erased: `gone-…`; those that stay are `kept-…`. */
  readonly packages: readonly string[]
  /** What must not be found anywhere once it is erased: texts and salts of the events, pieces of the ciphertext. */
  readonly traces: readonly { readonly canary: string; readonly forms: readonly Form[] }[]
  /** Stand-alone proofs of the events that stay, and a dossier that shows all of them, made before the erasure. */
  readonly proofs: readonly Uint8Array[]
  readonly dossier: Uint8Array
}

const CASE = 'case-over'

/** Enrols partners, issues, commits, closes the case, and makes a dossier of it all. */
export async function startErasureScene(
  url: string,
  token: string,
  logKey: string,
  count: number,
): Promise<ErasureScene> {
  const vendor = vendorClient(url, token)
  const partners = await enrolPartners(vendor, count)
  const texts = partners.map(() => `canary ${randomBytes(16).toString('base64url')} end`)
  const erased: number[] = []
  const kept: number[] = []
  for (const [i, partner] of partners.entries()) {
    for (const id of [`gone-${String(i)}`, `kept-${String(i)}`])
      await issueTo(vendor, partner, id, new Uint8Array(randomBytes(500)), { case: CASE })
    erased.push(await commit(vendor, texts[i] ?? ''))
    kept.push(await commit(vendor, `kept ${String(i)}`))
  }
  const clocks = clockClient(url, token)
  await clocks.setEmbargo(CASE, { release: new Date(Date.now() + 86_400_000).toISOString() })
  await clocks.liftEmbargo(CASE)
  const packages = partners.map((_, i) => `gone-${String(i)}`)
  const { events } = await vendor.proveAll([...kept, ...erased])
  const salts = events.slice(kept.length).map(({ salt }) => Buffer.from(salt ?? '', 'base64'))
  const sealed = await Promise.all(partners.map((partner, i) => piecesOf(url, partner, packages[i] ?? '')))
  const proofs = events.map(({ proof }) => utf8(proof))
  return {
    partners,
    erased,
    kept,
    packages,
    traces: [
      ...texts.map((canary, i) => ({ canary: `event ${String(i)}`, forms: formsOf(canary) })),
      ...salts.map((salt, i) => ({ canary: `salt ${String(i)}`, forms: formsOfBytes(salt) })),
      ...sealed.map((pieces, i) => ({ canary: `package ${String(i)}`, forms: pieces.flatMap(formsOfBytes) })),
    ],
    proofs: proofs.slice(0, kept.length),
    dossier: writeDossier({
      programme: 'Example programme',
      case: CASE,
      title: 'Before the erasure',
      createdAt: new Date().toISOString(),
      investigator: noteSigner(release.secret),
      logKey,
      events: proofs,
      distributions: [],
      matches: [],
      chronology: null,
    }),
  }
}

async function commit(vendor: VendorClient, text: string): Promise<number> {
  const [event] = await vendor.commit([{ type: 'leak.reported', stream: 'admin', subject: 's', data: { text } }])
  return event?.index ?? -1
}

const PIECE = 24
/** So many different bytes in a piece are ciphertext, and no padding or text that others have too. */
const MANY = 20

/** Pieces of a package's keys and of its body that stand in no manifest; a database cuts ciphertext, but not through all of them. */
async function piecesOf(url: string, partner: DrillPartner, id: string): Promise<readonly Uint8Array[]> {
  const client = clientOf(url, partner)
  const { bytes } = await client.fetchPackage(id)
  const body = (await client.fetchBody(id)) ?? new Uint8Array(0)
  const pieces = [...piecesIn(bytes), ...piecesIn(body)]
  if (pieces.length < 6) throw new Error(`package ${id} is too small to look for`)
  return pieces
}

function piecesIn(bytes: Uint8Array): readonly Uint8Array[] {
  const begins = Buffer.from(bytes).indexOf('age-encryption.org') + 400
  const all = Array.from({ length: Math.floor((bytes.length - begins) / 100) }, (_, i) =>
    bytes.subarray(begins + i * 100, begins + i * 100 + PIECE),
  )
  return all.filter((piece) => new Set(piece).size >= MANY).slice(0, 4)
}

/** One administrator asks for all of it to be erased, another agrees, the first does it. */
export async function eraseByTwo(url: string, token: string, scene: ErasureScene): Promise<ErasureStatus> {
  const [ann, ben] = [await addAdministrator(url, token, 'ann'), await addAdministrator(url, token, 'ben')]
  await approvalClient(url, ann).setRules(['erasure.perform'])
  const request: EraseRequest = { reason: 'case-closed', events: [...scene.erased], packages: [...scene.packages] }
  const { id } = await approvalClient(url, ann).ask([eraseWish(request)])
  const early = await erase(url, ann, request).then(
    () => 'erased',
    (error: { code?: string }) => error.code,
  )
  if (early !== 'approval-needed') throw new Error(`one person erased alone: ${String(early)}`)
  await approvalClient(url, ben).give(id)
  return await erase(url, ann, request)
}

async function addAdministrator(url: string, token: string, id: string): Promise<string> {
  const own = generateToken()
  const grant = {
    id: 'first',
    tokenHash: Buffer.from(hashToken(own)).toString('hex'),
    role: 'administrator' as const,
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  }
  await organisationClient(url, token, 'vendor').add(id, { role: 'administrator', token: grant })
  return own
}
