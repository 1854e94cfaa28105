import { openHandoff, sessionFitsTicket } from './handoff.ts'
import type { PostaRequest } from './request.ts'
import { addMail, asMbox, FOLDERS, grantPass, type Grant, type Mail, type Store } from './store.ts'

/** Settings of one gateway. */
export interface Gateway {
  readonly store: Store
  /** True: the hand-off asks for a random session id that only the first device was told. */
  readonly patched: boolean
  readonly now: () => Date
}

/** An answer: a JSON body, or text when `body` is a string. */
export interface Answer {
  readonly status: number
  readonly body: unknown
  /** Pass that the answer also sets as a cookie. */
  readonly pass?: string
}

/** An answer and what the access log says about it. */
export interface Outcome {
  readonly route: string | null
  readonly grant: Grant | null
  readonly answer: Answer
}

type Public = (gateway: Gateway, request: PostaRequest) => Answer
type Private = (gateway: Gateway, request: PostaRequest, grant: Grant, rest: readonly string[]) => Answer

const refuse = (status: number, error: string): Answer => ({ status, body: { error } })

const PUBLIC: Readonly<Record<string, Public>> = { status, board, login, handoff }
const PRIVATE: Readonly<Record<string, Private>> = {
  folder: folders,
  folders,
  draft: drafts,
  drafts,
  message: messages,
  messages,
  export: exportFolder,
  purge,
  close,
}

/**
 * Finds the route by the last known word of the path and runs it. What stands before that word (version, tenant, portal), the method and
 * unknown fields are ignored: old clients send all sorts.
 */
export function dispatch(gateway: Gateway, request: PostaRequest): Outcome {
  const at = request.segments.findLastIndex((word) => Object.hasOwn(PUBLIC, word) || Object.hasOwn(PRIVATE, word))
  const route = request.segments[at] ?? null
  const grant = findGrant(gateway.store, request)
  if (route === null) return { route, grant, answer: refuse(404, 'no such route') }
  const open = Object.hasOwn(PUBLIC, route) ? PUBLIC[route] : undefined
  if (open !== undefined) {
    const answer = open(gateway, request)
    return { route, grant: gateway.store.grants.get(answer.pass ?? '') ?? grant, answer }
  }
  if (grant === null) return { route, grant, answer: refuse(401, 'no valid pass') }
  const answer =
    PRIVATE[route]?.(gateway, request, grant, request.segments.slice(at + 1)) ?? refuse(404, 'no such route')
  return { route, grant, answer }
}

/** The pass may come under any header, cookie or field name. */
function findGrant(store: Store, request: PostaRequest): Grant | null {
  for (const word of request.credentials) {
    const grant = store.grants.get(word)
    if (grant !== undefined) return grant
  }
  return null
}

function status(gateway: Gateway): Answer {
  return { status: 200, body: { gateway: 'posta', toy: true, waiting: gateway.store.handoffs.size } }
}

/** The sign-in board: which hand-offs wait, so that a user finds the own one on the second device. Public by design. */
function board({ store }: Gateway): Answer {
  const waiting = [...store.handoffs.values()].map(({ ticket, who, since }) => ({
    ticket,
    who,
    since,
    role: store.accounts.get(who)?.role,
  }))
  return { status: 200, body: { waiting } }
}

function login({ store, now }: Gateway, { fields }: PostaRequest): Answer {
  const account = store.accounts.get(fields.get('user') ?? '')
  if (account === undefined || account.password !== fields.get('password')) return refuse(403, 'wrong user or password')
  const ticket = openHandoff(account.address, now())
  store.handoffs.set(ticket.ticket, ticket)
  const pass = grantPass(store, account, 'login')
  return { status: 200, body: { pass, ticket: ticket.ticket, session: ticket.secret }, pass }
}

function handoff({ store, patched }: Gateway, { fields }: PostaRequest): Answer {
  const waiting = store.handoffs.get(fields.get('ticket') ?? '')
  const account = store.accounts.get(waiting?.who ?? '')
  if (waiting === undefined || account === undefined) return refuse(404, 'no such ticket')
  const session = fields.get('session') ?? ''
  const right = session === waiting.secret || (!patched && sessionFitsTicket(session, waiting.ticket))
  if (!right) return refuse(403, 'session does not belong to this ticket')
  const pass = grantPass(store, account, 'handoff')
  return { status: 200, body: { pass, who: account.address, role: account.role }, pass }
}

function mailsIn(grant: Grant, folder: string): Mail[] {
  return [...grant.account.mails.values()].filter((mail) => mail.folder === folder)
}

function folders(_gateway: Gateway, _request: PostaRequest, grant: Grant): Answer {
  const visible = FOLDERS.filter((name) => name !== 'restricted' || grant.account.role === 'administrator')
  return { status: 200, body: { folders: visible.map((name) => ({ name, count: mailsIn(grant, name).length })) } }
}

function drafts({ store }: Gateway, { content }: PostaRequest, grant: Grant): Answer {
  if (content === '') return refuse(400, 'an empty draft')
  return { status: 201, body: { draft: addMail(store, grant.account, 'drafts', 'Draft', content).id } }
}

function messages(_gateway: Gateway, { fields }: PostaRequest, grant: Grant): Answer {
  const found = mailsIn(grant, fields.get('folder') ?? 'inbox')
  return { status: 200, body: { messages: found.map(({ id, from, subject }) => ({ id, from, subject })) } }
}

/** Without a job: prepares an export and names its job. With one (last path word): hands the export over. */
function exportFolder({ store }: Gateway, { fields }: PostaRequest, grant: Grant, rest: readonly string[]): Answer {
  const job = rest[0]
  if (job !== undefined) {
    const text = store.exports.get(job)
    return text === undefined ? refuse(404, 'no such export') : { status: 200, body: text }
  }
  if (grant.account.role !== 'administrator') return refuse(403, 'only an administrator exports')
  const mails = mailsIn(grant, fields.get('folder') ?? 'inbox')
  const name = `x-${store.next++}`
  store.exports.set(name, asMbox(mails))
  return { status: 202, body: { job: name, mails: mails.length } }
}

function purge(_gateway: Gateway, { fields }: PostaRequest, grant: Grant, rest: readonly string[]): Answer {
  const ids = [...rest, ...fields.values()]
  const purged = ids.filter((id) => grant.account.mails.delete(id)).length
  return { status: 200, body: { purged } }
}

function close({ store }: Gateway, request: PostaRequest, grant: Grant): Answer {
  const passes = request.credentials.filter((word) => store.grants.get(word) === grant)
  for (const pass of passes) store.grants.delete(pass)
  return { status: 200, body: { closed: true } }
}
