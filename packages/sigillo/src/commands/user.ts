import type { PersonStatus } from '@sigillo/api/contracts-people'
import type { SignInStatus } from '@sigillo/api/contracts-sign-in'
import { ApiError } from '@sigillo/api/errors'
import { generateToken, hashToken } from '@sigillo/api/token'
import { addPersonWish, enrolmentWish, roleWish } from '@sigillo/api/wishes'
import { PARTNER_ROLES, STAFF_ROLES } from '@sigillo/programme/roles'
import type { Command } from 'commander'
import { grantOf, roleOf } from '../grant-options.ts'
import { type AccessOptions, doOrAsk, organisationOf, withAccess } from '../hub-access.ts'
import { emit, type Io } from '../io.ts'

interface AddOptions extends AccessOptions {
  readonly role: string
  readonly tokenHash?: string
  readonly until?: string
}

/** `sigillo user list|add|role|remove|enrol|sessions|sign-out|revoke-key`: the people of one's own organisation at the hub, the vendor's or a partner's. */
export function registerUser(program: Command, io: Io): void {
  const user = program.command('user').description('people of your organisation at the hub, and what they may do')
  withAccess(user.command('list').description('everybody, with role and number of tokens')).action(
    async (options: AccessOptions) => {
      const people = await (await organisationOf(options)).people.people()
      emit(io, options.json, { people }, people.length === 0 ? ['No people yet.'] : people.map(row))
    },
  )
  withAccess(user.command('add').description('let a person in').argument('<id>', 'opaque id, for good'))
    .requiredOption('--role <role>', [...STAFF_ROLES, ...PARTNER_ROLES].join(', '))
    .option('--token-hash <hex>', 'hash of the token that the person drew with: sigillo token draw')
    .option('--until <date>', 'last day of that token, such as 2027-01-31')
    .action(async (id: string, options: AddOptions) => {
      const { side, token, people } = await organisationOf(options)
      const role = roleOf(options.role, side)
      const { tokenHash, until } = options
      const first = tokenHash === undefined ? undefined : { id: 'first', ...grantOf({ role, tokenHash, until }) }
      const person = { role, ...(first === undefined ? {} : { token: first }) }
      const added = await doOrAsk({ hub: options.hub, token }, addPersonWish(id, person), () => people.add(id, person))
      emit(io, options.json, added, [`${id} is ${added.role} now.`])
    })
  withAccess(
    user.command('role').description('give a person another role, at once').argument('<id>').argument('<role>'),
  ).action(async (id: string, name: string, options: AccessOptions) => {
    const { side, token, people } = await organisationOf(options)
    const role = roleOf(name, side)
    const changed = await doOrAsk({ hub: options.hub, token }, roleWish(id, role), () => people.changeRole(id, role))
    emit(io, options.json, changed, [`${id} is ${changed.role} now.`])
  })
  withAccess(
    user.command('remove').description('end all that a person may do; its id is never given again').argument('<id>'),
  ).action(async (id: string, options: AccessOptions) => {
    const removed = await (await organisationOf(options)).people.remove(id)
    emit(io, options.json, removed, [`${id} is out, with all tokens.`])
  })
  registerSignIn(user, io)
}

interface EnrolOptions extends AccessOptions {
  readonly code?: string
}

function registerSignIn(user: Command, io: Io): void {
  withAccess(user.command('enrol').argument('<id>').description('a link with which a person sets up one passkey, once'))
    .option('--code <code>', 'the code that a second person agreed to, in place of a new one')
    .action(async (id: string, options: EnrolOptions) => {
      const { token, people } = await organisationOf(options)
      const code = options.code ?? generateToken()
      const codeHash = Buffer.from(hashToken(code)).toString('hex')
      const wish = enrolmentWish(id, codeHash)
      const made = await enrolOrKeep(code, () =>
        doOrAsk({ hub: options.hub, token }, wish, () => people.enrol(id, codeHash)),
      )
      const link = `${made.page}#enrol=${code}`
      const until = made.expiresAt.slice(0, 16)
      emit(io, options.json, { ...made, link }, [
        link,
        `Good once, until ${until}Z, for ${id} alone: hand it over safely.`,
      ])
    })
  withAccess(user.command('sessions').argument('<id>').description('passkeys and live sessions of a person')).action(
    async (id: string, options: AccessOptions) => {
      const status = await (await organisationOf(options)).people.signIn(id)
      emit(io, options.json, status, ways(status))
    },
  )
  withAccess(user.command('sign-out').argument('<id>').description('end all sessions of a person')).action(
    async (id: string, options: AccessOptions) => {
      const status = await (await organisationOf(options)).people.signOut(id)
      emit(io, options.json, status, [`${id} is signed out everywhere.`])
    },
  )
  withAccess(
    user
      .command('revoke-key')
      .description('end a passkey, or the one-time codes, of a person')
      .argument('<id>')
      .argument('<key>', 'id of a passkey, or "codes"'),
  ).action(async (id: string, key: string, options: AccessOptions) => {
    const status = await (await organisationOf(options)).people.revokeKey(id, key)
    emit(io, options.json, status, [`${key} of ${id} is good no more.`])
  })
}

/** The second person agrees to one code: whoever asked has to come back with the same. */
async function enrolOrKeep<T>(code: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'approval-needed')) throw error
    throw new ApiError('approval-needed', `${error.message}, with: --code ${code}`, error.status)
  }
}

function ways({ keys, hasCodes, sessions }: SignInStatus): string[] {
  return [
    ...keys.map(({ id, name, enrolledAt }) => `passkey ${id}  since ${enrolledAt.slice(0, 10)}  ${name}`),
    `one-time codes: ${hasCodes ? 'on' : 'off'}`,
    ...sessions.map(({ id, startedAt, seenAt }) => `session ${id}  since ${startedAt}  last used ${seenAt}`),
  ]
}

function row({ id, role, removedAt, tokens }: PersonStatus): string {
  const live = tokens.filter(({ revokedAt }) => revokedAt === null)
  const state = removedAt === null ? `${live.length} tokens` : `left ${removedAt.slice(0, 10)}`
  return `${id.padEnd(24)} ${role.padEnd(22)} ${state}`
}
