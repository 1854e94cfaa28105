import { join } from 'node:path'
import { partnerClient } from '@sigillo/api/client'
import { writeDurably } from '@sigillo/desk/durable-file'

/** One package that was fetched: where it went, and its hand-over in the log. */
export interface Fetched {
  readonly package: string
  readonly path: string
  readonly sha256: string
  readonly index: number
}

/** Downloads every package that is the partner's and whose time has come. @throws ApiError */
export async function pullPackages(
  url: string,
  token: string,
  folder: string,
  now: Date,
): Promise<{ readonly fetched: readonly Fetched[]; readonly later: readonly string[] }> {
  const client = partnerClient(url, token)
  const fetched: Fetched[] = []
  const later: string[] = []
  for (const { id, notBefore, held } of await client.packages()) {
    if (held !== null) {
      later.push(`${id} once its release is ${held === 'frozen' ? 'planned anew' : 'known'}`)
      continue
    }
    if (notBefore !== null && Date.parse(notBefore) > now.getTime()) {
      later.push(`${id} from ${notBefore}`)
      continue
    }
    const { bytes, sha256, index } = await client.fetchPackage(id)
    const path = join(folder, `${id}.sigillo`)
    await writeDurably(path, bytes, 0o600)
    fetched.push({ package: id, path, sha256, index })
  }
  return { fetched, later }
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
