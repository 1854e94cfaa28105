import type { z } from 'zod'
import { requireToken } from './client.ts'
import * as contract from './contracts-clocks.ts'
import { type CallOptions, openCall } from './internal/call.ts'
import { routes } from './routes.ts'

/** What the desk may do about embargoes. Every method throws `ApiError`. */
export interface ClockClient {
  /** The embargoes of all cases. */
  embargoes(): Promise<readonly contract.EmbargoStatus[]>
  /** Plans a release or moves it; `draft` only proposes it. */
  setEmbargo(
    caseId: string,
    plan: { readonly release: string; readonly draft?: boolean },
  ): Promise<contract.EmbargoStatus>
  /** Withdraws the planned release; the embargo stays in force. */
  cancelEmbargo(caseId: string): Promise<contract.EmbargoStatus>
  /** Tells that the fix is ready (`F`) or deployed (`D`). */
  tellCase(caseId: string, event: 'F' | 'D'): Promise<contract.EmbargoStatus>
  /** The embargo broke: nothing of the case is handed over any more, and everyone who may know is told. */
  breakEmbargo(caseId: string, reason: contract.BreakRequest['reason']): Promise<contract.EmbargoStatus>
  /** Lifts the embargo now. */
  liftEmbargo(caseId: string): Promise<contract.EmbargoStatus>
  /** Packages that could be fetched and were not fetched, opened or answered. */
  silent(caseId?: string): Promise<readonly contract.SilentPackage[]>
}

/** What everybody with a token may do about messages. Every method throws `ApiError`. */
export interface EndpointClient {
  /** Where the caller hears of news, and what webhooks are checked with. */
  endpoints(): Promise<contract.EndpointsAnswer>
  /** Sets where the caller hears of news; null takes the channel out of use. */
  setEndpoint(endpoint: contract.SetEndpointRequest): Promise<contract.EndpointsAnswer>
}

/** A client for the desk; see `vendorClient`. */
export function clockClient(url: string, token: string, options: CallOptions = {}): ClockClient {
  const call = openCall(url, requireToken(token), options)
  const ask = (
    route:
      | typeof routes.cancelEmbargo
      | typeof routes.tellCase
      | typeof routes.breakEmbargo
      | typeof routes.liftEmbargo
      | typeof routes.setEmbargo,
    caseId: string,
    body: object,
  ): Promise<z.infer<typeof contract.EmbargoStatus>> =>
    call.json(route, { params: { case: caseId }, body }, contract.EmbargoStatus)
  return {
    embargoes: async () => (await call.json(routes.listEmbargoes, {}, contract.EmbargoesAnswer)).embargoes,
    setEmbargo: (caseId, { release, draft = false }) => ask(routes.setEmbargo, caseId, { release, draft }),
    cancelEmbargo: (caseId) => ask(routes.cancelEmbargo, caseId, {}),
    tellCase: (caseId, event) => ask(routes.tellCase, caseId, { event }),
    breakEmbargo: (caseId, reason) => ask(routes.breakEmbargo, caseId, { reason }),
    liftEmbargo: (caseId) => ask(routes.liftEmbargo, caseId, {}),
    silent: async (caseId) => {
      const query: Record<string, string> = caseId === undefined ? {} : { case: caseId }
      return (await call.json(routes.listSilent, { query }, contract.SilentAnswer)).silent
    },
  }
}

/** A client for whoever wants to be told; see `partnerClient`. */
export function endpointClient(url: string, token: string, options: CallOptions = {}): EndpointClient {
  const call = openCall(url, requireToken(token), options)
  return {
    endpoints: () => call.json(routes.listEndpoints, {}, contract.EndpointsAnswer),
    setEndpoint: (endpoint) => call.json(routes.setEndpoint, { body: endpoint }, contract.EndpointsAnswer),
  }
}

/** Tells the hub that a package was opened. */
export async function tellOpened(url: string, token: string, id: string, options: CallOptions = {}): Promise<void> {
  const call = openCall(url, requireToken(token), options)
  await call.json(routes.openedPackage, { params: { id }, body: {} }, contract.OpenedAnswer)
}
