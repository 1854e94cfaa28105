import type { DecodedDossier } from './decoded.ts'
import type { Statement } from './statements.ts'

/** What the evidence can and cannot say. Printed in README.txt and in the report. */
export const LIMITS: readonly string[] = [
  'The marks name a copy, never a person or a motive. A copy can be passed on, stolen, or read on an intruder’s way through its holder’s network; the marks look the same in each case.',
  'The bound on naming an innocent copy holds if the symbols were drawn with the committed key, the sample was read blindly, and the leak was made without that copy. It needs no assumption about how many leaked or what they changed.',
  'The vendor drew every mark and knows every copy. The commitments show that it did not choose them after the leak; they do not show that nobody at the vendor kept or passed on a copy.',
  'Dates and order are as good as the witnesses that cosigned the log. An unwitnessed log shows what its keeper says.',
  'The chronology says what dates allow under the listed sources and priors. Where it says “open” or “contested”, the dates do not decide.',
  'Sample and artefact are not in this file, so that it can be shown without spreading them. Whoever holds both can read the marks again and compare.',
]

/** README.txt of a dossier. Depends on the content only. */
export function renderReadme(content: DecodedDossier, statements: readonly Statement[]): string {
  return `${content.title}
Case ${content.case}, ${content.programme}, written ${content.createdAt}.

This is a Sigillo dossier. It is a plain tar archive; report.html is for reading, everything else is what the
claims rest on. Check it without network and without trusting whoever wrote it:

    sigillo verify FILE --policy POLICY

POLICY is a text file of yours with the keys you trust (log, witnesses, quorum; vendor, investigator). Keys
inside this file are never used when a policy is given. Without one, only inner consistency is checked.

What it claims
${list(statements.map(({ id, text }) => `${id}: ${text}`))}

What it cannot say
${list(LIMITS)}

Right of reply
${replyText(content)}
`
}

/** What the reply slot holds. */
export function replyText(content: DecodedDossier): string {
  if (content.replies.length === 0) {
    return 'Whoever holds a copy that is named here may answer. No answer has been recorded; an answer will be added under reply/, unaltered.'
  }
  return `Answers recorded, unaltered: ${content.replies.map(({ path }) => path).join(', ')}.`
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '- nothing' : items.map((item) => `- ${item}`).join('\n')
}
