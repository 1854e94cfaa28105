import { approvalClient, organisationClient, selfClient } from '@sigillo/api/client-people'
import { ApiError } from '@sigillo/api/errors'
import { isToken } from '@sigillo/api/token'
import type { Wish } from '@sigillo/api/wishes'
import { readTextInput } from '@sigillo/desk/read-input'
import type { Command } from 'commander'
import { CommandError } from './errors.ts'
import { readPartnerKey } from './partner-key.ts'

/** Where a hub is and with what to call it. */
export interface AccessOptions {
  readonly hub: string
  readonly tokenFile?: string
  readonly key?: string
  readonly json?: boolean
}

/** Adds the options that every command at a hub takes. */
export function withAccess(command: Command): Command {
  return command
    .requiredOption('--hub <url>', 'address of the hub')
    .option('--token-file <file>', 'file with your token')
    .option('--key <file>', "a partner's key file, in place of a token")
    .option('--json', 'print JSON')
}

/** The token that the options name. @throws CommandError `bad-option`, `bad-key-file` */
export async function tokenOf(options: AccessOptions): Promise<string> {
  if (options.key !== undefined) return (await readPartnerKey(options.key)).token
  if (options.tokenFile === undefined)
    throw new CommandError('bad-option', 'name a token with --token-file FILE, or a partner’s key with --key FILE')
  const token = (await readTextInput(options.tokenFile, 'the token')).trim()
  if (!isToken(token)) throw new CommandError('bad-key-file', `${options.tokenFile} does not hold a token of a hub`)
  return token
}

/** The people of the organisation that the token is of, and which side that is. @throws ApiError */
export async function organisationOf(options: AccessOptions) {
  const token = await tokenOf(options)
  const { side } = await selfClient(options.hub, token).self()
  return { side, token, people: organisationClient(options.hub, token, side) }
}

/**
 * Does what may need a second person; where it does, asks for one and says how to go on.
 * @throws ApiError `approval-needed` naming the approval that somebody else has to give
 */
export async function doOrAsk<T>(
  access: { hub: string; token: string },
  wish: Wish,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'approval-needed')) throw error
    const { id, givenBy } = await approvalClient(access.hub, access.token).ask([wish])
    const next =
      givenBy === null ? `somebody else runs: sigillo approve give ${id}; then run this again` : 'run this again'
    throw new ApiError(
      'approval-needed',
      `${wish.action} needs a second person. It is asked for as ${id}: ${next}`,
      error.status,
    )
  }
}
