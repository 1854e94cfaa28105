import { HubError } from '../errors.ts'

/** Why something that was erased is not handed out. */
export function erasedError(what: string, index: number, at: Date | null): HubError {
  const when = at === null ? '' : ` on ${at.toISOString()}`
  return new HubError(
    'erased',
    `${what} was erased${when}, as event ${String(index)} of the log says; nothing of it is left here`,
  )
}

/** Throws {@link HubError} `erased` for a package whose ciphertext is gone, or is to go. */
export function requireNotErased(row: {
  readonly id: string
  readonly erased_index: number | null
  readonly erased_at: Date | null
}): void {
  if (row.erased_index !== null) throw erasedError(`package ${row.id}`, row.erased_index, row.erased_at)
}
