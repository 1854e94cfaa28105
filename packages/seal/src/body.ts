import { createHash, randomBytes, randomInt } from 'node:crypto'
import { equalBytes } from '@sigillo/tlog/encoding'
import { decryptAge, encryptAge } from './age-file.ts'
import { type ArchiveLimits, packArchive, readArchive } from './archive.ts'
import { checkArchivePath } from './archive-path.ts'
import { type CatalogueEntry, catalogueRoot, decodeCatalogue, encodeCatalogue } from './catalogue.ts'
import type { CutFile } from './cut-copy.ts'
import { SealError } from './errors.ts'
import { generateIdentity } from './identity.ts'
import type { SealedPart } from './manifest.ts'
import { partOf } from './package-parts.ts'
import { boxSize, lockBox, unlockBox } from './internal/box.ts'
import { boxKey, KEY_BYTES, keyHash, SALT_BYTES, SECRET_BYTES } from './internal/variant-key.ts'

const BOXES = 'boxes'
const CATALOGUE = 'catalogue'
const SALT = 'salt'

/** Where one variant lies and what opens it. */
export interface VariantKey {
  /** Number of its box in the catalogue. */
  readonly box: number
  /** 16 bytes that the key is made of; in a body without salt the key itself, 32 bytes. */
  readonly secret: Uint8Array
}

/** The ciphertext that all copies share, with everything that opens it: the sealer's secret. */
export interface SealedBody {
  /** `body.age`: the same bytes for every recipient. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Its hash and length, for manifests. */
  readonly part: SealedPart
  /** Root of its catalogue. */
  readonly catalogue: string
  /** age identity that opens the outer layer. */
  readonly outer: string
  /** What sets its secrets apart from those of other bodies. */
  readonly salt: Uint8Array
  /** What it was made from. */
  readonly files: readonly CutFile[]
  /** By path, segment and variant. */
  readonly keys: ReadonlyMap<string, readonly (readonly VariantKey[])[]>
}

/**
 * Seals every variant of every segment in a box under a key of its own, made of a secret of its own, in an order that says nothing, as one age file under a key of its own. Boxes of
 * one segment have one length, so neither size nor place of a box tells what is in it, nor to which segment it belongs.
 *
 * @throws SealError 'bad-path' for a path that no archive may hold or that is there twice
 */
export async function sealBody(files: readonly CutFile[]): Promise<SealedBody> {
  const paths = new Set<string>()
  for (const { path } of files) {
    checkArchivePath(path)
    if (paths.has(path)) throw new SealError('bad-path', `path ${JSON.stringify(path)} appears twice`)
    paths.add(path)
  }
  const salt = new Uint8Array(randomBytes(SALT_BYTES))
  const places = shuffled(files.flatMap(({ segments }) => segments).reduce((sum, variants) => sum + variants.length, 0))
  const boxes: Uint8Array[] = []
  const hashes: Uint8Array[] = []
  const keys = new Map<string, readonly (readonly VariantKey[])[]>()
  let next = 0
  const lock = (content: Uint8Array, size: number): VariantKey => {
    const box = places[next] ?? 0
    next += 1
    const secret = new Uint8Array(randomBytes(SECRET_BYTES))
    boxes[box] = lockBox(boxKey(secret, salt, box), box, content, size)
    hashes[box] = keyHash(secret, salt, box)
    return { box, secret }
  }
  for (const { path, segments } of files) {
    keys.set(
      path,
      segments.map((variants) => {
        const size = boxSize(Math.max(0, ...variants.map(({ length }) => length)))
        return variants.map((content) => lock(content, size))
      }),
    )
  }
  const entries = boxes.map((box, index) => ({ key: hashes[index]!, box: sha256(box), size: box.length }))
  const outer = await generateIdentity()
  const content = packArchive([
    { path: BOXES, bytes: Buffer.concat(boxes) },
    { path: CATALOGUE, bytes: encodeCatalogue(entries) },
    { path: SALT, bytes: salt },
  ])
  const bytes = await encryptAge(content, [outer.recipient])
  return {
    bytes,
    part: partOf(bytes),
    catalogue: catalogueRoot(entries, salt),
    outer: outer.identity,
    salt,
    files,
    keys,
  }
}

/** A body whose outer layer is open: boxes that are still locked. */
export interface OpenedBody {
  /** What sets its secrets apart from those of other bodies; null in bodies sealed before there was one. */
  readonly salt: Uint8Array | null
  readonly entries: readonly CatalogueEntry[]
  /** The box of that number. */
  box(index: number): Uint8Array
}

/**
 * Opens the outer layer and checks the catalogue against the root that the manifest signs; boxes stay locked.
 *
 * @throws SealError 'wrong-identity', 'bad-age-file', 'bad-body', and what `readArchive` throws
 */
export async function openBody(
  bytes: Uint8Array,
  { outer, catalogue, limits }: { readonly outer: string; readonly catalogue: string; readonly limits: ArchiveLimits },
): Promise<OpenedBody> {
  const inside = await decryptAge(bytes, { identities: [outer] })
  const members = new Map(
    readArchive(inside, { ...limits, fileBytes: limits.totalBytes }).map((file) => [file.path, file.bytes]),
  )
  const [boxes, listing] = [members.get(BOXES), members.get(CATALOGUE)]
  const salt = members.get(SALT) ?? null
  if (boxes === undefined || listing === undefined || members.size !== (salt === null ? 2 : 3))
    throw new SealError('bad-body', `the body must hold exactly ${BOXES}, ${CATALOGUE} and ${SALT}`)
  const entries = decodeCatalogue(listing)
  if (catalogueRoot(entries, salt) !== catalogue)
    throw new SealError('bad-body', 'catalogue or salt of the body is not what the manifest signs: the root differs')
  const starts: number[] = []
  let end = 0
  for (const { size } of entries) {
    starts.push(end)
    end += size
  }
  if (end !== boxes.length)
    throw new SealError('bad-body', `the body holds ${boxes.length} bytes of boxes; its catalogue lists ${end}`)
  return {
    salt,
    entries,
    box: (index) => boxes.subarray(starts[index] ?? 0, (starts[index] ?? 0) + (entries[index]?.size ?? 0)),
  }
}

/** Throws unless the key is the one that the catalogue names. `where` says for which place it was given. @throws SealError 'wrong-key' */
export function checkVariantKey(body: OpenedBody, { box, secret }: VariantKey, where: string): void {
  const entry = body.entries[box]
  const long = secret.length === (body.salt === null ? KEY_BYTES : SECRET_BYTES)
  if (entry !== undefined && long && equalBytes(entry.key, keyHash(secret, body.salt, box))) return
  const why = entry === undefined ? 'there is no such box' : 'the signed catalogue names another key'
  throw new SealError(
    'wrong-key',
    `${where}: the key for box ${box} is wrong (${why}); nothing was assembled. Keep the package: it shows what the vendor sent`,
  )
}

/** What is in a box. @throws SealError 'bad-body' when it is damaged or another's */
export function openVariant(body: OpenedBody, { box, secret }: VariantKey, where: string): Uint8Array {
  const bytes = body.box(box)
  const entry = body.entries[box]
  const signed = entry !== undefined && equalBytes(entry.box, sha256(bytes))
  const content = signed ? unlockBox(boxKey(secret, body.salt, box), box, bytes) : null
  if (content === null)
    throw new SealError('bad-body', `${where}: box ${box} is damaged or not the one that was signed`)
  return content
}

/** 0 to `count` - 1 in a random order. */
function shuffled(count: number): readonly number[] {
  const order = Array.from({ length: count }, (_, index) => index)
  for (let last = count - 1; last > 0; last -= 1) {
    const chosen = randomInt(last + 1)
    ;[order[last], order[chosen]] = [order[chosen]!, order[last]!]
  }
  return order
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}
