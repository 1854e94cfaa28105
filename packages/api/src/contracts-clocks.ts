import { z } from 'zod'
import { Id, Instant, LogPlace } from './contracts.ts'

/** Release as it is agreed: date, hour and zone. */
export const ZonedInstant = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/,
    'must be a date, an hour and a zone, such as 2021-03-09T18:00:00Z',
  )

export const CaseParams = z.strictObject({ case: Id })

/** `draft`: proposed, not agreed, so nothing is lifted by it. */
export const SetEmbargoRequest = z.strictObject({ release: ZonedInstant, draft: z.boolean().default(false) })
export const BreakRequest = z.strictObject({
  /** What broke it: the flaw or an exploit is public, attacks are seen, or material leaked. */
  reason: z.enum(['public', 'exploit', 'attacks', 'leak']),
})
/** `F`: the fix is ready; `D`: it is deployed. The other events of the case model come with `break` and with the lift. */
export const TellRequest = z.strictObject({ event: z.enum(['F', 'D']) })
export const NoBody = z.strictObject({})

/** The embargo of a case. States are those of the Vultron protocol and of the lift. */
export const EmbargoStatus = z.object({
  case: z.string(),
  embargo: z.enum(['none', 'proposed', 'active', 'revise', 'exited']),
  state: z.string(),
  lift: z.enum(['draft', 'scheduled', 'lifting', 'lifted', 'cancelled']),
  releaseAt: Instant,
  /** As agreed, with its zone. */
  release: z.string(),
  /** Nothing is handed over: it broke, and nobody has planned anew. */
  frozen: z.boolean(),
  /** Why the lift is held, or null. */
  held: z.string().nullable(),
  /** What the model says about going on with it. */
  rule: z.enum(['shall-end', 'should-end', 'may-continue']),
  lifted: LogPlace.extend({ how: z.enum(['clock', 'early', 'manual', 'broken']) }).nullable(),
  /** Event of the newest change. */
  index: z.int().min(0),
})
export const EmbargoesAnswer = z.object({ embargoes: z.array(EmbargoStatus) })

export const SilentQuery = z.strictObject({ case: Id.optional() })
/** Somebody could have a package, and has not gone this far with it. */
export const SilentPackage = z.object({
  case: z.string(),
  recipient: z.string(),
  package: z.string(),
  silence: z.enum(['never-fetched', 'never-opened', 'never-answered']),
  /** Since when it could be fetched. */
  since: Instant,
})
export const SilentAnswer = z.object({ silent: z.array(SilentPackage) })

export const OpenedAnswer = z.object({ package: z.string(), opened: LogPlace })

/** Where to tell that something is new; null takes the channel out of use. */
export const SetEndpointRequest = z.discriminatedUnion('channel', [
  z.strictObject({
    channel: z.literal('webhook'),
    address: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .nullable(),
  }),
  z.strictObject({ channel: z.literal('mail'), address: z.email().max(200).nullable() }),
])
export const Endpoint = z.object({
  channel: z.enum(['webhook', 'mail']),
  address: z.string(),
  /** Why it is not used any more, or null. */
  disabled: z.string().nullable(),
})
/** What a receiver of webhooks checks signatures with (Standard Webhooks): `key` for v1a, `secret` for v1. */
export const EndpointsAnswer = z.object({
  endpoints: z.array(Endpoint),
  webhook: z.object({ key: z.string(), secret: z.string().nullable() }),
})

export type SetEmbargoRequest = z.infer<typeof SetEmbargoRequest>
export type BreakRequest = z.infer<typeof BreakRequest>
export type TellRequest = z.infer<typeof TellRequest>
export type EmbargoStatus = z.infer<typeof EmbargoStatus>
export type SilentPackage = z.infer<typeof SilentPackage>
export type SetEndpointRequest = z.infer<typeof SetEndpointRequest>
export type EndpointsAnswer = z.infer<typeof EndpointsAnswer>
