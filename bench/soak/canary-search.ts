import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { constants, inflateRawSync } from 'node:zlib'

/** A way in which something may lie in a file. */
export interface Form {
  readonly form: string
  readonly bytes: Buffer
}

/** Ways in which bytes may lie in a file: as they are, or as a dump writes them. */
export function formsOfBytes(raw: Uint8Array): readonly Form[] {
  return [
    { form: 'plain', bytes: Buffer.from(raw) },
    { form: 'hex', bytes: Buffer.from(Buffer.from(raw).toString('hex')) },
  ]
}

/** Ways in which a text may lie in a file. */
export function formsOf(canary: string): readonly Form[] {
  const raw = Buffer.from(canary)
  // Base64 of the text from each of its three alignments, without the ends that depend on the neighbours.
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), raw]).toString('base64')
    return text.slice(shift === 0 ? 0 : 4, Math.floor(text.length / 4) * 4 - 4)
  })
  return [
    { form: 'plain', bytes: raw },
    { form: 'UTF-16', bytes: Buffer.from(canary, 'utf16le') },
    { form: 'hex', bytes: Buffer.from(raw.toString('hex')) },
    { form: 'HEX', bytes: Buffer.from(raw.toString('hex').toUpperCase()) },
    ...base64.map((text) => ({ form: 'base64', bytes: Buffer.from(text) })),
  ]
}

/** A canary that was found. */
export interface Hit {
  readonly path: string
  readonly canary: string
  readonly form: string
}

/** Looks for canaries in a file or in every file below a folder, also inside what gzip packed. */
export function findCanaries(path: string, canaries: readonly string[]): readonly Hit[] {
  return findForms(
    path,
    canaries.map((canary) => ({ canary, forms: formsOf(canary) })),
  )
}

/** The same for what has forms of its own. */
export function findForms(
  path: string,
  objects: readonly { readonly canary: string; readonly forms: readonly Form[] }[],
): readonly Hit[] {
  const search = searchFor(objects.flatMap(({ canary, forms }) => forms.map((form) => ({ canary, ...form }))))
  return filesBelow(path).flatMap((file) => {
    const bytes = readFileSync(file)
    return [bytes, ...unpacked(bytes)].flatMap((haystack) =>
      search(haystack).map(({ canary, form }) => ({ path: file, canary, form })),
    )
  })
}

interface Needle extends Form {
  readonly canary: string
}

/** A search for many needles in one pass: most places of a file are passed over by their first two bytes. */
function searchFor(needles: readonly Needle[]): (haystack: Buffer) => readonly Needle[] {
  const byStart = new Map<number, Needle[]>()
  const starts = new Uint8Array(2 ** 16)
  for (const needle of needles) {
    if (needle.bytes.length < 2) throw new Error('a needle of less than two bytes is everywhere')
    const start = needle.bytes.readUInt16BE(0)
    byStart.set(start, [...(byStart.get(start) ?? []), needle])
    starts[start] = 1
  }
  return (haystack) => {
    const found = new Set<Needle>()
    for (let at = 0; at + 1 < haystack.length; at++) {
      const start = ((haystack[at] ?? 0) << 8) | (haystack[at + 1] ?? 0)
      if (starts[start] === 0) continue
      for (const needle of byStart.get(start) ?? [])
        if (
          haystack[at + 2] === needle.bytes[2] &&
          needle.bytes.equals(haystack.subarray(at, at + needle.bytes.length))
        )
          found.add(needle)
    }
    return [...found]
  }
}

/** How many bytes lie below a path. */
export function bytesBelow(path: string): number {
  return filesBelow(path).reduce((sum, file) => sum + statSync(file).size, 0)
}

function filesBelow(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** What every gzip stream in a file unpacks to, whatever lies behind it and wherever it was cut. */
function unpacked(bytes: Buffer): readonly Buffer[] {
  const magic = Buffer.from([0x1f, 0x8b, 0x08])
  const found: Buffer[] = []
  for (let at = bytes.indexOf(magic); at >= 0 && found.length < 1000; at = bytes.indexOf(magic, at + 1)) {
    try {
      found.push(inflateFrom(bytes, at))
    } catch {
      // Three bytes that only look like a stream.
    }
  }
  return found
}

const [EXTRA, NAME, COMMENT, CHECK] = [4, 8, 16, 2]

/** The content alone, without header and check (RFC 1952): a reader of whole files refuses a stream with other bytes behind it. */
function inflateFrom(bytes: Buffer, at: number): Buffer {
  const flags = bytes.readUInt8(at + 3)
  let from = at + 10
  if ((flags & EXTRA) !== 0) from += 2 + bytes.readUInt16LE(from)
  for (const text of [NAME, COMMENT]) if ((flags & text) !== 0) from = bytes.indexOf(0, from) + 1
  if ((flags & CHECK) !== 0) from += 2
  return inflateRawSync(bytes.subarray(from), { maxOutputLength: 2 ** 26, finishFlush: constants.Z_SYNC_FLUSH })
}
