import { artefactsOf } from '@sigillo/desk/artefacts'
import type { Desk } from '@sigillo/desk/context'
import { DeskError } from '@sigillo/desk/errors'
import { CommandError } from './errors.ts'

/** The case's one artefact. @throws DeskError `unknown-artefact`; CommandError `bad-option` when there are several */
export async function onlyArtefact(desk: Desk, caseId: string): Promise<string> {
  const found = await artefactsOf(desk, caseId)
  const [first] = found
  if (first === undefined)
    throw new DeskError(
      'unknown-artefact',
      `case "${caseId}" has no artefact; add one with: sigillo artefact add ${caseId} PATH`,
    )
  if (found.length > 1)
    throw new CommandError(
      'bad-option',
      `case "${caseId}" has several artefacts (${found.map(({ id }) => id).join(', ')}); choose one with --artefact`,
    )
  return first.id
}

/** An instant with a zone, in epoch milliseconds. @throws CommandError `bad-option` naming the option */
export function instantOption(name: string, text: string): number {
  const value = Date.parse(text)
  if (Number.isNaN(value) || !/(?:Z|[+-]\d{2}:\d{2})$/.test(text))
    throw new CommandError(
      'bad-option',
      `${name} "${text}" needs a date, an hour and a zone, such as 2021-03-09T18:00:00Z`,
    )
  return value
}
