import { erase } from '@sigillo/api/client-erasure'
import { approvalClient } from '@sigillo/api/client-people'
import { ERASURE_REASONS, EraseRequest, type ErasureStatus } from '@sigillo/api/contracts-erasure'
import { ApiError } from '@sigillo/api/errors'
import { eraseWish } from '@sigillo/api/wishes'
import type { Command } from 'commander'
import { type Selection, selectForErasure } from '../erasure-selection.ts'
import { CommandError } from '../errors.ts'
import { type AccessOptions, tokenOf, withAccess } from '../hub-access.ts'
import { emit, type Io } from '../io.ts'

interface EraseOptions extends AccessOptions, Selection {
  readonly because?: string
  readonly approved?: string
  readonly dryRun?: boolean
}

/** `sigillo erase`: destroys bodies of events and sealed packages at the hub, for good. */
export function registerErase(program: Command, io: Io): void {
  withAccess(
    program
      .command('erase')
      .description('destroy events or packages at the hub, for good: their places in the log and all proofs stay')
      .option('--because <reason>', ERASURE_REASONS.join(', '))
      .option('--event <indices...>', 'events by their place in the log')
      .option('--package <ids...>', 'sealed packages')
      .option('--stream <name>', 'all events of a stream, such as case:c1')
      .option('--partner <id>', "all events of a partner's stream, and its packages")
      .option('--person <id>', 'all events that a person did or that are about it, such as staff/ann')
      .option('--case <id>', 'all packages of a case')
      .option('--before <instant>', 'of streams, partners and persons only events before this')
      .option('--dry-run', 'only say what it would be')
      .option('--approved <id>', 'do exactly what was asked for under this id, once somebody else has agreed'),
  ).action(async (options: EraseOptions) => {
    const token = await tokenOf(options)
    const request =
      options.approved === undefined
        ? { reason: reasonIn(options), ...(await selectForErasure(options.hub, token, options)) }
        : await requestOf(options.hub, token, options.approved)
    if (options.dryRun === true) {
      emit(io, options.json, request, [
        `Events: ${request.events.length === 0 ? 'none' : request.events.join(', ')}`,
        `Packages: ${request.packages.length === 0 ? 'none' : request.packages.join(', ')}`,
      ])
      return
    }
    const status = await eraseOrAsk(options.hub, token, request)
    emit(io, options.json, status, [lineOf(status)])
  })
}

function reasonIn({ because }: EraseOptions): EraseRequest['reason'] {
  const reason = ERASURE_REASONS.find((known) => known === because)
  if (reason === undefined)
    throw new CommandError('bad-option', `name the reason with --because: one of ${ERASURE_REASONS.join(', ')}`)
  return reason
}

/** What an approval covers. @throws CommandError `bad-option` when it is of something else */
async function requestOf(hub: string, token: string, id: string): Promise<EraseRequest> {
  const { action, items } = await approvalClient(hub, token).approval(id)
  const [item] = items
  if (action !== 'erasure.perform' || item === undefined)
    throw new CommandError('bad-option', `approval ${id} is of ${action}, not of an erasure`)
  return EraseRequest.parse(JSON.parse(item.payload))
}

async function eraseOrAsk(hub: string, token: string, request: EraseRequest): Promise<ErasureStatus> {
  try {
    return await erase(hub, token, request)
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'approval-needed')) throw error
    const { id, givenBy } = await approvalClient(hub, token).ask([eraseWish(request)])
    const first = givenBy === null ? `another administrator runs: sigillo approve give ${id}; then run` : 'run'
    throw new ApiError(
      'approval-needed',
      `erasing needs a second person. It is asked for as ${id}: ${first}: sigillo erase --approved ${id}`,
      error.status,
    )
  }
}

function lineOf({ index, at, events, packages, destroyed }: ErasureStatus): string {
  const what = `Erased ${String(events)} events and ${String(packages)} packages: entry ${String(index)} of the log, ${at}.`
  return destroyed === null
    ? `${what} The database could not destroy them yet; the hub tries again by itself, and when this is run again.`
    : `${what} Backups from before still hold them: destroy those.`
}
