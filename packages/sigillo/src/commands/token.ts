import { existsSync } from 'node:fs'
import { selfClient } from '@sigillo/api/client-people'
import type { PersonStatus } from '@sigillo/api/contracts-people'
import { generateToken, hashToken } from '@sigillo/api/token'
import { tokenWish } from '@sigillo/api/wishes'
import { writeDurably } from '@sigillo/desk/durable-file'
import type { Command } from 'commander'
import { CommandError } from '../errors.ts'
import { grantOf, roleOf } from '../grant-options.ts'
import { type AccessOptions, doOrAsk, organisationOf, tokenOf, withAccess } from '../hub-access.ts'
import { emit, type Io } from '../io.ts'

interface AddOptions extends AccessOptions {
  readonly tokenHash: string
  readonly until: string
  readonly role?: string
}

/** `sigillo token draw|show|add|revoke`: what people show themselves to the hub with. */
export function registerToken(program: Command, io: Io): void {
  const token = program.command('token').description('tokens: what people show themselves to the hub with')
  token
    .command('draw')
    .description('draw a token for yourself; only its hash leaves your machine')
    .requiredOption('-o, --output <file>', 'file for the token')
    .option('--json', 'print JSON')
    .action(async (options: { output: string; json?: boolean }) => {
      if (existsSync(options.output))
        throw new CommandError('bad-option', `${options.output} exists already; a token is never overwritten`)
      const drawn = generateToken(io.random)
      await writeDurably(options.output, Buffer.from(`${drawn}\n`), 0o600)
      const tokenHash = Buffer.from(hashToken(drawn)).toString('hex')
      emit(io, options.json, { file: options.output, tokenHash }, [
        `${options.output} holds your token; keep it secret. Give this to your administrator:`,
        tokenHash,
      ])
    })
  withAccess(token.command('show').description('whom your token speaks for, and until when')).action(
    async (options: AccessOptions) => {
      const self = await selfClient(options.hub, await tokenOf(options)).self()
      emit(io, options.json, self, [
        `${self.person ?? 'nobody in particular'} of ${self.organisation}: ${self.roles.join(' limited to ')}`,
        ...(self.expiresAt === null ? [] : [`until ${self.expiresAt}`]),
      ])
    },
  )
  withAccess(
    token
      .command('add')
      .description('take up a token that was drawn')
      .argument('<person>', '"self" for yourself')
      .argument('<name>', 'name of the token'),
  )
    .requiredOption('--token-hash <hex>', 'hash of the token, as: sigillo token draw printed it')
    .requiredOption('--until <date>', 'last day of the token, such as 2027-01-31')
    .option('--role <role>', "less than the person's own role")
    .action(async (person: string, name: string, options: AddOptions) => {
      const changed = await addToken(person, name, options)
      emit(io, options.json, changed, [`${changed.id} has the token ${name} now, until ${options.until}.`])
    })
  withAccess(
    token
      .command('revoke')
      .description('end a token, at once')
      .argument('<person>', '"self" for yourself')
      .argument('<name>'),
  ).action(async (person: string, name: string, options: AccessOptions) => {
    const changed =
      person === 'self'
        ? await selfClient(options.hub, await tokenOf(options)).revokeToken(name)
        : await (await organisationOf(options)).people.revokeToken(person, name)
    emit(io, options.json, changed, [`The token ${name} of ${changed.id} is no longer good.`])
  })
}

async function addToken(person: string, name: string, options: AddOptions): Promise<PersonStatus> {
  const { side, token, people } = await organisationOf(options)
  if (person === 'self') {
    const own = selfClient(options.hub, token)
    const role = options.role ?? (await own.self()).roles.at(-1) ?? ''
    return await own.addToken(name, grantOf({ ...options, role: roleOf(role, side) }))
  }
  const role = options.role ?? (await people.people()).find(({ id }) => id === person)?.role ?? ''
  const grant = grantOf({ ...options, role: roleOf(role, side) })
  return await doOrAsk({ hub: options.hub, token }, tokenWish(person, name, grant), () =>
    people.addToken(person, name, grant),
  )
}
