import { requireToken } from './client.ts'
import * as contract from './contracts-erasure.ts'
import { type CallOptions, openCall } from './internal/call.ts'
import { routes } from './routes.ts'

/**
 * Erases events and packages at the hub, for good; exactly the same again answers with the erasure that was, and has it finished if it is not.
 * Throws `ApiError`: `legal-hold` for evidence in an open case, `approval-needed` without a second person where the rules ask for one.
 */
export async function erase(
  url: string,
  token: string,
  request: contract.EraseRequest,
  options: CallOptions = {},
): Promise<contract.ErasureStatus> {
  return await openCall(url, requireToken(token), options).json(routes.erase, { body: request }, contract.ErasureStatus)
}
