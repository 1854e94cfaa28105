import { type Input, INPUT_LIMITS } from './sample.ts'
import { unpack } from './unpack.ts'
import { z } from 'zod'

const shape = z.object({
  id: z.string().max(4096).optional(),
  /** Hint at the language, such as `a.py`. */
  name: z.string().max(4096).optional(),
  text: z.string().optional(),
  base64: z.base64().optional(),
})

/** Samples from JSON lines: `{"id", "text" | "base64", "name"?}`. A line that is none is refused; the feed goes on. */
export async function* readJsonLines(
  stream: AsyncIterable<Uint8Array | string>,
  limit: number = INPUT_LIMITS.lineLength,
): AsyncGenerator<Input> {
  let number = 0
  for await (const line of boundedLines(stream, limit)) {
    number += 1
    const fallback = `line ${number}`
    if (line === null) yield { id: fallback, refused: `the line is longer than ${limit} bytes` }
    else if (line.trim() !== '') yield* readJsonSample(line, fallback)
  }
}

/** One sample of a feed, or its members when it is an archive. @param fallback what it is called without an `id` */
export async function* readJsonSample(line: string, fallback: string): AsyncGenerator<Input> {
  const parsed = shape.safeParse(parseJson(line))
  if (!parsed.success) {
    yield { id: fallback, refused: 'it is not a sample: {"id": …, "text" or "base64": …} is wanted' }
    return
  }
  const { id = fallback, name, text, base64 } = parsed.data
  if ((text === undefined) === (base64 === undefined)) {
    yield { id, refused: 'it needs either "text" or "base64"' }
    return
  }
  const bytes = text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text, 'utf8')
  for await (const input of unpack(id, bytes)) {
    yield 'bytes' in input && name !== undefined && input.id === id ? { ...input, name } : input
  }
}

/** Lines of a stream, null for one that is too long; never holds more than `limit` bytes and one chunk. */
async function* boundedLines(stream: AsyncIterable<Uint8Array | string>, limit: number): AsyncGenerator<string | null> {
  let parts: Uint8Array[] = []
  let held = 0
  let tooLong = false
  const take = (): string | null => {
    const line = tooLong ? null : Buffer.concat(parts, held).toString('utf8')
    parts = []
    held = 0
    tooLong = false
    return line
  }
  for await (const chunk of stream) {
    let rest: Uint8Array = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk
    for (let end = rest.indexOf(10); rest.length > 0; end = rest.indexOf(10)) {
      const piece = end < 0 ? rest : rest.subarray(0, end)
      if (held + piece.length > limit) {
        tooLong = true
        parts = []
        held = 0
      } else if (!tooLong && piece.length > 0) {
        parts.push(piece)
        held += piece.length
      }
      if (end < 0) break
      yield take()
      rest = rest.subarray(end + 1)
    }
  }
  if (held > 0 || tooLong) yield take()
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
