import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type PartnerClient, partnerClient } from '@sigillo/api/client'
import type { PackageStatus } from '@sigillo/api/contracts'
import { ApiError } from '@sigillo/api/errors'
import { writeDurably } from '@sigillo/desk/durable-file'
import { joinPackage } from '@sigillo/seal/package-parts'

/** One package that was fetched: where it went, and its hand-over in the log. */
export interface Fetched {
  readonly package: string
  readonly path: string
  readonly sha256: string
  readonly index: number
}

/** What became of a partner's packages. */
export interface Pulled {
  readonly fetched: readonly Fetched[]
  /** Those whose time has not come: which, and when. */
  readonly later: readonly string[]
  /** Those that the hub has destroyed: which, and when. */
  readonly erased: readonly string[]
}

/**
 * Downloads every package that is the partner's and whose time has come. Of the others it fetches the body already: the heavy part, which opens nothing
 * by itself and waits in the folder.
 * @throws ApiError
 */
export async function pullPackages(url: string, token: string, folder: string, now: Date): Promise<Pulled> {
  const client = partnerClient(url, token)
  const fetched: Fetched[] = []
  const later: string[] = []
  const gone: string[] = []
  const waiting = new Set<string>()
  const all = await client.packages()
  for (const status of all) {
    const { id, notBefore, held, erased } = status
    if (erased !== null) {
      gone.push(`${id} on ${erased.at}, as entry ${String(erased.index)} of the log says`)
      continue
    }
    if (held !== null) {
      later.push(`${id} once its release is ${held === 'frozen' ? 'planned anew' : 'known'}`)
      continue
    }
    const body = await fetchBody(client, status, folder)
    if (notBefore !== null && Date.parse(notBefore) > now.getTime()) {
      later.push(`${id} from ${notBefore}`)
      if (status.body !== null) waiting.add(status.body.sha256)
      continue
    }
    const { bytes, sha256, index } = await client.fetchPackage(id)
    const path = join(folder, `${id}.sigillo`)
    await writeDurably(path, body === null ? bytes : joinPackage(bytes, body), 0o600)
    fetched.push({ package: id, path, sha256, index })
  }
  for (const { body } of all)
    if (body !== null && !waiting.has(body.sha256)) await rm(bodyPath(folder, body.sha256), { force: true })
  return { fetched, later, erased: gone }
}

/** The body of a package, from the folder or else from the hub, whence it goes into the folder. */
async function fetchBody(
  client: PartnerClient,
  { id, body }: PackageStatus,
  folder: string,
): Promise<Uint8Array | null> {
  if (body === null) return null
  const path = bodyPath(folder, body.sha256)
  const kept = await readFile(path).catch(() => null)
  if (kept !== null && hashOf(kept) === body.sha256) return kept
  const bytes = await client.fetchBody(id)
  if (bytes === null || hashOf(bytes) !== body.sha256)
    throw new ApiError('bad-answer', `the body of package ${id} did not arrive whole; fetch it again`, 200)
  await writeDurably(path, bytes, 0o600)
  return bytes
}

/** Where the body of a package waits for it. */
export function bodyPath(folder: string, sha256: string): string {
  return join(folder, `${sha256}.body.age`)
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Hands a signed receipt to the hub; the answer's proof stands alone. @throws ApiError */
export async function sendReceipt(
  url: string,
  token: string,
  id: string,
  receipt: string,
): Promise<{ readonly index: number; readonly proof: string }> {
  const { index, proof } = await partnerClient(url, token).acknowledge(id, receipt)
  return { index, proof }
}
