import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { openCodebook } from '@sigillo/desk/codebook'
import { cutPlan } from '@sigillo/desk/copies'
import { withoutImportedNames } from '@sigillo/marks/across-files'
import { findSites } from '@sigillo/marks/find-sites'
import { createPlan, type MarkPlan } from '@sigillo/marks/plan'
import { encryptAge } from '@sigillo/seal/age-file'
import { sealBody } from '@sigillo/seal/body'
import { keysOf } from '@sigillo/seal/copy-keys'
import { generateNoteKey, noteSigner } from '@sigillo/seal/ed25519'
import { generateIdentity } from '@sigillo/seal/identity'
import { encodeKeys } from '@sigillo/seal/keys-record'
import { sealPackage } from '@sigillo/seal/package'

/** What one recipient's package and the body take, in bytes. */
export interface PackageSizes {
  readonly sites: number
  /** Boxes of the body. */
  readonly boxes: number
  /** Segments of the copy, each with a key. */
  readonly pieces: number
  /** The keys before encryption. */
  readonly keys: number
  /** `keys.age` to an X25519 key and to a post-quantum one. */
  readonly classic: number
  readonly postQuantum: number
  /** The whole package without its body, to a post-quantum key. */
  readonly package: number
  /** `body.age`, once for everybody. */
  readonly body: number
}

/** Plans a folder as `sigillo artefact add` does and seals all of it to one recipient as `sigillo seal` does. */
export async function packageSizes(folder: string): Promise<PackageSizes> {
  const plan = await planFolder(folder)
  const cut = cutPlan(
    plan,
    plan.files.map(({ path }) => path),
  )
  const body = await sealBody(cut.files)
  const copy = cut.choose(openCodebook(plan, randomBytes(32), 'case-1.d1', 'GL6'), 'partner-001')
  const classic = await generateIdentity()
  const postQuantum = await generateIdentity('hybrid')
  const keys = keysOf(body, copy, randomBytes(32))
  const record = encodeKeys(keys)
  const sealed = await sealPackage({
    programme: 'Example programme',
    package: 'case-1.d1.partner-001.1',
    case: 'case-1',
    distribution: 'case-1.d1',
    recipient: 'partner-001',
    tier: 'full',
    notBefore: '2026-03-01T10:00:00.000Z',
    sealedAt: '2026-02-20T09:00:00.000Z',
    planHash: 'a'.repeat(64),
    codeCommitment: 'b'.repeat(64),
    ageRecipient: postQuantum.recipient,
    body,
    copy,
    signer: noteSigner(generateNoteKey('vendor.example/release').secret),
  })
  return {
    sites: plan.files.reduce((sum, { sites }) => sum + sites.length, 0),
    boxes: [...body.keys.values()].flat(2).length,
    pieces: keys.files.reduce((sum, { pieces }) => sum + pieces.length, 0),
    keys: record.length,
    classic: (await encryptAge(record, [classic.recipient])).length,
    postQuantum: (await encryptAge(record, [postQuantum.recipient])).length,
    package: sealed.length,
    body: body.bytes.length,
  }
}

async function planFolder(folder: string): Promise<MarkPlan> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name)).sort()
  const files: MarkPlan['files'][number][] = []
  for (const path of paths) files.push((await findSites(relative(folder, path), readFileSync(path, 'utf8'))).file)
  return createPlan('bundle', withoutImportedNames(files))
}
