import { approvalClient } from '@sigillo/api/client-people'
import type { ApprovalStatus } from '@sigillo/api/contracts-people'
import { ApiError } from '@sigillo/api/errors'
import { enrolWish, issueWish, type Wish } from '@sigillo/api/wishes'
import type { Desk } from './context.ts'
import { requireHub } from './hub-log.ts'
import { loadRoster } from './partners.ts'
import { distributionsOf } from './seal-distribution.ts'

/** Most packages that one approval covers. */
const MOST = 1000

/**
 * Asks at the hub for the second person that a push needs: for each recipient whose keys are not taken up yet, and for each distribution's
 * packages that are not issued yet, as far as the hub's rules put these under four eyes. Asking again changes nothing.
 * @throws DeskError `no-hub`; ApiError when the hub does not answer, or the vault's token speaks for no person
 */
export async function askForPush(desk: Desk): Promise<readonly ApprovalStatus[]> {
  const { hub, client } = await requireHub(desk)
  const approvals = approvalClient(hub.url, hub.token)
  const { fourEyes } = await approvals.rules()
  const asked: ApprovalStatus[] = []
  if (fourEyes.includes('recipient.enrol'))
    for (const wish of await enrolments(desk, async (entry) => void (await client.enrol([entry]))))
      asked.push(await approvals.ask([wish]))
  if (fourEyes.includes('package.issue')) {
    const issued = new Set((await client.packages()).map(({ id }) => id))
    for (const wishes of await issues(desk, issued)) asked.push(await approvals.ask(wishes))
  }
  return asked
}

/** Recipients that the hub does not take up without a second person; those that it has already stay as they are. */
async function enrolments(
  desk: Desk,
  enrol: (entry: Parameters<typeof enrolWish>[0]) => Promise<void>,
): Promise<readonly Wish[]> {
  const wishes: Wish[] = []
  for (const { id, name, kind, ageRecipient, receiptKey, tokenHash } of await loadRoster(desk)) {
    if (receiptKey === null || tokenHash === null) continue
    const entry = { id, name, kind, ageRecipient, receiptKey, tokenHash }
    try {
      await enrol(entry)
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'approval-needed')) throw error
      wishes.push(enrolWish(entry))
    }
  }
  return wishes
}

async function issues(desk: Desk, issued: ReadonlySet<string>): Promise<readonly (readonly [Wish, ...Wish[]])[]> {
  const all: (readonly [Wish, ...Wish[]])[] = []
  for (const distribution of (await distributionsOf(desk)).filter((candidate) => !candidate.pushed)) {
    const wishes = distribution.packages
      .filter(({ id }) => !issued.has(id))
      .map(({ id, sha256, recipient, notBefore }) =>
        issueWish({ distribution: distribution.id, package: id, sha256, recipient, notBefore }),
      )
    for (let at = 0; at < wishes.length; at += MOST) {
      const [first, ...rest] = wishes.slice(at, at + MOST)
      if (first !== undefined) all.push([first, ...rest])
    }
  }
  return all
}
