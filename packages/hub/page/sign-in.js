// The page at which people sign in. It keeps nothing: what it shows it asks the hub for, and all text becomes text, never markup.

/** @param {string} id */
const part = (id) => document.getElementById(id)

/** A refusal of the hub, in its own words. */
class Refused extends Error {
  /** @param {{ type: string, detail: string }} problem */
  constructor(problem) {
    super(problem.detail)
    this.code = problem.type.slice(problem.type.lastIndexOf(':') + 1)
  }
}

async function call(method, path, json) {
  const body = json === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) }
  const response = await fetch(`/v1${path}`, { method, credentials: 'same-origin', ...body })
  const answer = await response.json()
  if (!response.ok) throw new Refused(answer)
  return answer
}

function say(text, isBad = false) {
  part('message').textContent = text
  part('message').classList.toggle('bad', isBad)
}

function show(...ids) {
  for (const id of ['enrol', 'enter', 'code', 'inside']) part(id).hidden = !ids.includes(id)
}

/** Runs what a person asked for; one thing at a time, and every refusal is shown. */
async function run(work) {
  const buttons = [...document.querySelectorAll('button')]
  for (const button of buttons) button.disabled = true
  try {
    await work()
  } catch (error) {
    await explain(error)
  } finally {
    for (const button of document.querySelectorAll('button')) button.disabled = false
  }
}

/** What is said when the browser gives up by itself. */
const GAVE_UP = new Map([
  ['NotAllowedError', 'Nothing was chosen, or it took too long. Try again.'],
  ['InvalidStateError', 'This device already has a passkey of yours here.'],
])

async function explain(error) {
  if (error instanceof Refused && error.code === 'confirm-needed') {
    if (!part('code').hidden || hasCodes) {
      part('code').hidden = false
      part('code-input').focus()
      return say(error.message, true)
    }
    part('enter').hidden = false
    return say('This needs a fresh proof that it is you. Sign in again with your passkey, then repeat it.', true)
  }
  if (error instanceof Refused && error.code === 'wrong-code') {
    for (const input of document.querySelectorAll('input.digits')) input.value = ''
  }
  if (error instanceof Refused && error.code === 'unauthorized' && !part('inside').hidden) {
    leave()
    return say('Your session is over. Sign in again.', true)
  }
  say(GAVE_UP.get(error.name) ?? error.message, true)
}

let hasCodes = false

async function enrol(code, name) {
  const { options } = await call('POST', '/enrolment/options', { code })
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
  const credential = await navigator.credentials.create({ publicKey })
  await call('POST', '/enrolment', { code, name, credential: answerOf(credential) })
}

async function signIn() {
  const { options } = await call('POST', '/sign-in/options', {})
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
  const credential = await navigator.credentials.get({ publicKey })
  const { needsCode } = await call('POST', '/sign-in', { credential: answerOf(credential) })
  say('')
  await enter(needsCode)
}

/** What the hub reads of a credential, and no more. */
function answerOf(credential) {
  const { id, rawId, type, response } = credential.toJSON()
  return { id, rawId, type, response, clientExtensionResults: {} }
}

/** Shows the inside, or the way in when there is no session. */
async function enter(needsCode = false) {
  const [self, status] = await Promise.all([call('GET', '/self'), call('GET', '/self/sign-in')])
  part('who').textContent = `${self.person} · ${self.roles.join(', ')}`
  fill(status)
  show('inside', ...(needsCode ? ['code'] : []))
  if (needsCode) part('code-input').focus()
}

function fill(status) {
  const nameOf = (id) => status.keys.find((key) => key.id === id)?.name ?? 'a revoked passkey'
  hasCodes = status.hasCodes
  part('sessions').replaceChildren(
    ...status.sessions.map((session) =>
      item(
        `${nameOf(session.key)}${session.isThis ? ' (here)' : ''}`,
        `since ${when(session.startedAt)}, last used ${when(session.seenAt)}`,
        'Sign out',
        () => endSession(session),
      ),
    ),
  )
  part('keys').replaceChildren(
    ...status.keys.map((key) =>
      item(key.name, `since ${when(key.enrolledAt)}`, 'Revoke', () => revoke(key.id, `the passkey “${key.name}”`)),
    ),
  )
  part('codes-state').textContent = hasCodes
    ? 'On: sensitive acts need a code besides your passkey.'
    : 'Off: for sensitive acts, you sign in again with your passkey.'
  part('draw-codes').textContent = hasCodes ? 'Move one-time codes to another app' : 'Set up one-time codes'
  part('remove-codes').hidden = !hasCodes
}

async function endSession(session) {
  const status = await call('POST', `/self/sessions/${session.id}/end`, {})
  if (!session.isThis) return fill(status)
  leave()
  say('You are signed out.')
}

/** Nothing of the person stays for whoever sits here next. */
function leave() {
  show('enter')
  part('who').textContent = ''
  hideSecret()
}

async function revoke(key, what) {
  if (!confirm(`Revoke ${what}? Sessions begun with it end.`)) return
  await call('POST', `/self/keys/${key}/revoke`, {})
  await enter()
}

function item(title, detail, action, work) {
  const [row, text, small, button] = ['li', 'span', 'small', 'button'].map((tag) => document.createElement(tag))
  small.textContent = detail
  text.append(title, small)
  button.type = 'button'
  button.className = 'plain'
  button.textContent = action
  button.setAttribute('aria-label', `${action}: ${title}`)
  button.addEventListener('click', () => void run(work))
  row.append(text, button)
  return row
}

function when(instant) {
  return new Date(instant).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
}

/** A code for one more passkey of one's own: drawn here, so that the hub learns its hash before it sees it. */
async function addKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  const check = await digest(concat(new TextEncoder().encode('sigillo/token/v1\n'), bytes))
  const code = `sgl_${base64url(concat(bytes, check.slice(0, 4)))}`
  const hash = await digest(new TextEncoder().encode(code))
  const codeHash = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  await call('PUT', '/self/enrolment', { codeHash })
  const name = prompt('Name of the device or key', 'Second key')
  if (name === null || name.trim() === '') return
  await enrol(code, name.trim())
  say('The passkey is set up.')
  await enter()
}

async function digest(bytes) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

function concat(one, other) {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

async function drawCodes() {
  const { secret } = await call('POST', '/self/codes', {})
  part('secret-text').textContent = secret.replace(/(.{4})(?=.)/g, '$1 ')
  part('secret').hidden = false
  part('secret-code').focus()
}

function hideSecret() {
  part('secret').hidden = true
  part('secret-text').textContent = ''
  part('secret-code').value = ''
}

function onSubmit(form, work) {
  part(form).addEventListener('submit', (event) => {
    event.preventDefault()
    void run(work)
  })
}

onSubmit('enrol-form', async () => {
  const code = enrolmentCode()
  await enrol(code, part('key-name').value.trim())
  history.replaceState(null, '', location.pathname)
  show('enter')
  say('Your passkey is set up. Now sign in with it.')
  part('enter-button').focus()
})
onSubmit('code-form', async () => {
  await call('POST', '/self/confirm', { code: part('code-input').value })
  part('code-input').value = ''
  part('code').hidden = true
  say('Confirmed for five minutes.')
})
onSubmit('secret-form', async () => {
  await call('POST', '/self/codes/enrol', { code: part('secret-code').value })
  hideSecret()
  say('One-time codes are on.')
  await enter()
})
part('enter-button').addEventListener('click', () => void run(signIn))
part('add-key').addEventListener('click', () => void run(addKey))
part('draw-codes').addEventListener('click', () => void run(drawCodes))
part('remove-codes').addEventListener('click', () => void run(() => revoke('codes', 'one-time codes')))

/** The code in the fragment of the link, which browsers never send to any server. */
function enrolmentCode() {
  return new URLSearchParams(location.hash.slice(1)).get('enrol') ?? ''
}

if (!('parseCreationOptionsFromJSON' in (globalThis.PublicKeyCredential ?? {}))) {
  say('This browser is too old for passkeys. Use a current one.', true)
} else if (enrolmentCode() !== '') {
  show('enrol')
  part('key-name').focus()
} else {
  try {
    await enter()
  } catch {
    show('enter')
    part('enter-button').focus()
  }
}
