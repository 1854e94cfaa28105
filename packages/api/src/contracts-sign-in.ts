import { z } from 'zod'
import { Id, Instant, Sha256 } from './contracts.ts'
import { PersonId } from './contracts-people.ts'
import { TOKEN_SHAPE } from './token.ts'

/** How long the code of an enrolment is good, in hours. */
export const ENROLMENT_HOURS = 24
/** A session ends when it was not used for this many minutes. */
export const IDLE_MINUTES = 15
/** A session ends after this many hours, however much it is used. */
export const LONGEST_HOURS = 12
/** Sensitive acts need a session whose person proved to be there within this many minutes. */
export const CONFIRMED_MINUTES = 5

/** What enrols one passkey, once: of the form of a token, and stored as its SHA-256 only. */
const EnrolmentCode = z.string().regex(TOKEN_SHAPE, 'must be the code of an enrolment link, whole')
/** Name that its person gives a passkey. */
const KeyName = z.string().trim().min(1).max(64)
const Base64Url = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/)
  .max(64 * 1024)

export const EnrolmentRequest = z.strictObject({
  /** SHA-256 of the code, which whoever makes the link draws; the hub sees the code when it is used. */
  codeHash: Sha256,
})
/** An open enrolment: everything but the code. */
export const EnrolmentAnswer = z.object({
  person: z.string(),
  expiresAt: Instant,
  /** Where the person takes the code: the page that the hub's passkeys belong to, whatever address the hub was asked at. */
  page: z.string(),
})

export const EnrolOptionsRequest = z.strictObject({ code: EnrolmentCode })
/** What a browser is asked for (WebAuthn Level 3, JSON form of `navigator.credentials` options). */
export const CeremonyOptions = z.object({ options: z.record(z.string(), z.unknown()) })

/** An answer of an authenticator (WebAuthn Level 3, `PublicKeyCredential.toJSON()`). What browsers add besides is let through unread. */
const credential = <R extends z.ZodType>(response: R) =>
  z.strictObject({
    id: Base64Url,
    rawId: Base64Url,
    type: z.literal('public-key'),
    authenticatorAttachment: z.string().max(64).nullish(),
    clientExtensionResults: z.record(z.string(), z.unknown()),
    response,
  })
const Attestation = credential(
  z.looseObject({
    clientDataJSON: Base64Url,
    attestationObject: Base64Url,
    transports: z.array(z.string().max(64)).max(16).optional(),
  }),
)
const Assertion = credential(
  z.looseObject({ clientDataJSON: Base64Url, authenticatorData: Base64Url, signature: Base64Url }),
)
export const EnrolRequest = z.strictObject({ code: EnrolmentCode, name: KeyName, credential: Attestation })
/** The key that was enrolled. */
export const EnrolAnswer = z.object({ person: z.string(), key: z.string() })
export const SignInRequest = z.strictObject({ credential: Assertion })
/** A session began; its secret is in the cookie. */
export const SignInAnswer = z.object({
  person: z.string(),
  session: z.string(),
  endsAt: Instant,
  /** Whether sensitive acts need a one-time code first. */
  needsCode: z.boolean(),
})

export const SessionParams = z.strictObject({ session: Id })
export const OwnKeyParams = z.strictObject({ key: Id })
export const KeyParams = z.strictObject({ person: PersonId, key: Id })
/** How somebody signs in, and where it is signed in now. */
export const SignInStatus = z.object({
  person: z.string(),
  keys: z.array(z.object({ id: z.string(), name: z.string(), enrolledAt: Instant })),
  /** Whether there are one-time codes; their key is called `codes`. */
  hasCodes: z.boolean(),
  sessions: z.array(
    z.object({
      id: z.string(),
      /** Id of the passkey that it was started with. */
      key: z.string(),
      startedAt: Instant,
      seenAt: Instant,
      endsAt: Instant,
      /** Whether it is the one that asks. */
      isThis: z.boolean(),
    }),
  ),
})

/** A new secret for one-time codes, shown once. */
export const CodesAnswer = z.object({
  /** Base32, for typing. */
  secret: z.string(),
  /** `otpauth://…`, for scanning. */
  uri: z.string(),
})
export const CodeRequest = z.strictObject({ code: z.string().regex(/^[0-9]{6}$/, 'must be six digits') })
/** Until when sensitive acts go without another code; null for a caller that needs none, such as a token. */
export const ConfirmAnswer = z.object({ confirmedUntil: Instant.nullable() })

export type EnrolmentRequest = z.infer<typeof EnrolmentRequest>
export type EnrolmentAnswer = z.infer<typeof EnrolmentAnswer>
export type EnrolRequest = z.infer<typeof EnrolRequest>
export type EnrolAnswer = z.infer<typeof EnrolAnswer>
export type SignInRequest = z.infer<typeof SignInRequest>
export type SignInAnswer = z.infer<typeof SignInAnswer>
export type SignInStatus = z.infer<typeof SignInStatus>
export type CodesAnswer = z.infer<typeof CodesAnswer>
export type ConfirmAnswer = z.infer<typeof ConfirmAnswer>
