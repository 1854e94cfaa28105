import { randomBytes } from 'node:crypto'
import { EnrolAnswer } from '@sigillo/api/contracts-sign-in'
import { addPersonWish, enrolmentWish } from '@sigillo/api/wishes'
import { generateToken, hashToken } from '@sigillo/api/token'
import { approved, type Pair, type TestPerson } from '../people/people.fixture.ts'
import type { TestHub } from '../programme.fixture.ts'
import { softAuthenticator } from '@sigillo/testkit/soft-authenticator'
import { codeAt, enrolWith, openBrowser, optionsIn, siteOf } from '@sigillo/testkit/sign-in-browser'
import { codesIn, giveCode, ownSignIn, signIn } from './sign-in.fixture.ts'

/** A request for each route of sign-in that an administrator of a side, or a stranger, gets an answer to. */
export function signInSamples(hub: TestHub, { ann, ben }: Pair, partner: TestPerson, side: 'vendor' | 'partner') {
  const self = side === 'vendor' ? ann : partner
  const browser = openBrowser(hub)
  const headers = () => ({ origin: siteOf(hub), cookie: browser.cookie })
  const asked = async (path: string, json: unknown) => optionsIn(await (await browser.send('POST', path, json)).json())
  const person = async (): Promise<string> => {
    const id = `p-${String(randomBytes(6).readUIntBE(0, 6))}`
    await approved(ann, ben, addPersonWish(id, { role: 'reader' }))
    await ann.organisation.add(id, { role: 'reader' })
    return id
  }
  const member = async (): Promise<string> => {
    const id = `p-${String(randomBytes(6).readUIntBE(0, 6))}`
    await partner.organisation.add(id, { role: 'partner-reader' })
    return id
  }
  const own = async () => await ownSignIn((await signIn(hub, self)).browser)
  const enrolCodes = async () => ({
    path: '/self/codes/enrol',
    json: { code: codeAt(await drawn(hub, self), hub.now) },
  })
  return {
    enrolOptions: async () => ({
      path: '/enrolment/options',
      json: { code: await giveCode(hub, partner.token, `/me/people/${await member()}`) },
      headers: headers(),
    }),
    enrol: async () => {
      const code = await giveCode(hub, partner.token, `/me/people/${await member()}`)
      const credential = softAuthenticator(siteOf(hub)).create(await asked('/enrolment/options', { code }))
      return { path: '/enrolment', json: { code, name: 'laptop', credential }, headers: headers() }
    },
    signInOptions: () => ({ path: '/sign-in/options', json: {}, headers: headers() }),
    signIn: async () => {
      const { key } = await signIn(hub, partner)
      const credential = key.get(await asked('/sign-in/options', {}))
      return { path: '/sign-in', json: { credential }, headers: headers() }
    },
    ownSignIn: () => ({ path: '/self/sign-in' }),
    endOwnSession: async () => ({
      path: `/self/sessions/${(await own()).sessions.find(({ isThis }) => isThis)?.id}/end`,
      json: {},
    }),
    enrolSelf: () => ({ path: '/self/enrolment', json: { codeHash: codeHash() } }),
    revokeOwnKey: async () => ({ path: `/self/keys/${(await own()).keys.at(-1)?.id}/revoke`, json: {} }),
    drawCodes: () => ({ path: '/self/codes', json: {} }),
    enrolCodes,
    confirm: async () => {
      const secret = await drawn(hub, self)
      await fetch(`${hub.hub.url}/v1/self/codes/enrol`, {
        method: 'POST',
        headers: { authorization: `Bearer ${self.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ code: codeAt(secret, hub.now) }),
      })
      return { path: '/self/confirm', json: { code: codeAt(secret, new Date(hub.now.getTime() + 30_000)) } }
    },
    enrolPerson: async () => {
      const [id, hash] = [await person(), codeHash()]
      await approved(ann, ben, enrolmentWish(id, hash))
      return { path: `/people/${id}/enrolment`, json: { codeHash: hash } }
    },
    personSignIn: async () => ({ path: `/people/${await person()}/sign-in` }),
    signOutPerson: async () => ({ path: `/people/${await person()}/sign-out`, json: {} }),
    revokeKey: async () => {
      const { browser: used } = await signIn(hub, ann)
      const { keys } = await ownSignIn(used)
      return { path: `/people/${ann.id}/keys/${keys.at(-1)?.id}/revoke`, json: {} }
    },
    enrolMember: async () => ({ path: `/me/people/${await member()}/enrolment`, json: { codeHash: codeHash() } }),
    memberSignIn: async () => ({ path: `/me/people/${await member()}/sign-in` }),
    signOutMember: async () => ({ path: `/me/people/${await member()}/sign-out`, json: {} }),
    revokeMemberKey: async () => {
      const id = await member()
      const { key } = await enrolled(hub, `/me/people/${id}`, partner)
      return { path: `/me/people/${id}/keys/${key}/revoke`, json: {} }
    },
  }
}

function codeHash(): string {
  return Buffer.from(hashToken(generateToken())).toString('hex')
}

/** A person's key, by a link that its administrator made. */
async function enrolled(hub: TestHub, path: string, administrator: TestPerson): Promise<EnrolAnswer> {
  const [fresh, key] = [openBrowser(hub), softAuthenticator(siteOf(hub))]
  const answer = await enrolWith(fresh, key, await giveCode(hub, administrator.token, path))
  return EnrolAnswer.parse(await answer.json())
}

/** A new secret for the one-time codes of a person. */
async function drawn(hub: TestHub, self: TestPerson): Promise<string> {
  const answer = await fetch(`${hub.hub.url}/v1/self/codes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${self.token}`, 'content-type': 'application/json' },
    body: '{}',
  })
  return (await codesIn(answer)).secret
}
