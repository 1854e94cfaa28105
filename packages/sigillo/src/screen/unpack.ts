import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type Entry, fromBufferPromise } from 'yauzl'
import { type Input, INPUT_LIMITS, type InputLimits } from './sample.ts'
import { isTar, tarMembers } from './tar-members.ts'
import { newBudget, readWithin, RefusedArchive, spendMember, type UnpackBudget } from './unpack-budget.ts'

type Archive = 'gzip' | 'tar' | 'zip'

/**
 * A file, or the files of an archive (zip, tar, gzip, one in another). An archive that is broken or beyond the limits yields what was read up
 * to there, then one refusal; when nothing could be read it is taken as the plain bytes it is, too.
 */
export async function* unpack(
  id: string,
  bytes: Uint8Array,
  limits: InputLimits = INPUT_LIMITS,
): AsyncGenerator<Input> {
  if (archiveOf(bytes) === null) {
    yield { id, name: id, bytes }
    return
  }
  let members = 0
  try {
    for await (const member of membersOf(id, bytes, newBudget(limits), limits.depth)) {
      members += 1
      yield member
    }
  } catch (error) {
    if (!(error instanceof RefusedArchive)) throw error
    if (members === 0) yield { id, bytes }
    yield { id, refused: `archive refused: ${error.message}` }
  }
}

function archiveOf(bytes: Uint8Array): Archive | null {
  const [a, b, c, d] = bytes
  if (a === 0x50 && b === 0x4b && ((c === 3 && d === 4) || (c === 5 && d === 6))) return 'zip'
  if (a === 0x1f && b === 0x8b) return 'gzip'
  return isTar(bytes) ? 'tar' : null
}

async function* membersOf(id: string, bytes: Uint8Array, budget: UnpackBudget, depth: number): AsyncGenerator<Input> {
  const kind = archiveOf(bytes)
  if (kind === null) {
    yield { id, name: id, bytes }
    return
  }
  if (depth === 0) throw new RefusedArchive(`archives lie more than ${budget.limits.depth} deep in it`)
  for await (const member of rawMembers(kind, bytes, budget)) {
    const inner = kind === 'gzip' ? withoutGz(id) : `${id}!${member.path}`
    yield* membersOf(inner, member.bytes, budget, depth - 1)
  }
}

interface Member {
  readonly path: string
  readonly bytes: Uint8Array
}

async function* rawMembers(kind: Archive, bytes: Uint8Array, budget: UnpackBudget): AsyncGenerator<Member> {
  if (kind === 'gzip') {
    spendMember(budget)
    yield { path: '', bytes: await readWithin(Readable.from([bytes]).pipe(createGunzip()), bytes.length, budget) }
  } else if (kind === 'tar') {
    for (const member of tarMembers(bytes)) {
      spendMember(budget)
      yield member
    }
  } else yield* zipMembers(bytes, budget)
}

async function* zipMembers(bytes: Uint8Array, budget: UnpackBudget): AsyncGenerator<Member> {
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), {
      strictFileNames: false,
    })
    for await (const entry of zip.eachEntry()) {
      spendMember(budget)
      if (!entry.fileName.endsWith('/')) {
        const stream = await zip.openReadStreamPromise(entry)
        yield { path: entry.fileName, bytes: await readWithin(stream, packedSize(entry), budget) }
      }
    }
  } catch (error) {
    if (error instanceof RefusedArchive) throw error
    throw new RefusedArchive(`it is broken (${error instanceof Error ? error.message : String(error)})`)
  }
}

function packedSize(entry: Entry): number {
  return entry.compressedSize
}

function withoutGz(id: string): string {
  return id.endsWith('.tgz') ? `${id.slice(0, -3)}tar` : id.replace(/\.gz$/, '')
}
