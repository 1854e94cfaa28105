import type { InputLimits } from './sample.ts'

/** Why an archive is not read, or not read further. */
export class RefusedArchive extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'RefusedArchive'
  }
}

/** What one outer archive may still unpack to, archives inside it included. */
export interface UnpackBudget {
  readonly limits: InputLimits
  members: number
  bytes: number
}

export function newBudget(limits: InputLimits): UnpackBudget {
  return { limits, members: limits.members, bytes: limits.unpackedBytes }
}

/** Counts one more member. @throws RefusedArchive */
export function spendMember(budget: UnpackBudget): void {
  budget.members -= 1
  if (budget.members < 0) throw new RefusedArchive(`it holds more than ${budget.limits.members} files`)
}

/**
 * The content of a packed stream, in memory, checked as it comes.
 * @param packed bytes that it was packed in
 * @throws RefusedArchive beyond the limits, or when the stream breaks
 */
export async function readWithin(
  stream: AsyncIterable<Uint8Array>,
  packed: number,
  budget: UnpackBudget,
): Promise<Uint8Array> {
  const { limits } = budget
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of stream) {
      size += chunk.length
      budget.bytes -= chunk.length
      if (budget.bytes < 0) throw new RefusedArchive(`it unpacks to more than ${limits.unpackedBytes >> 20} MiB`)
      if (size > limits.fileBytes) throw new RefusedArchive(`a file in it is larger than ${limits.fileBytes >> 20} MiB`)
      if (size > limits.ratioFrom && size > packed * limits.ratio)
        throw new RefusedArchive(`a file in it unpacks to more than ${limits.ratio} times its size`)
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof RefusedArchive) throw error
    throw new RefusedArchive(`it is broken (${error instanceof Error ? error.message : String(error)})`)
  }
  return Buffer.concat(chunks, size)
}
