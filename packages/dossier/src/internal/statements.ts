import type { DecodedDossier, StoredMatch } from './decoded.ts'
import { MEMBERS } from './decoded.ts'

/** One claim as claims.json lists it. Class B: everything rests on commitments made before delivery (no partner-chosen marks). */
export interface Statement {
  readonly id: string
  readonly class: 'B'
  readonly text: string
  /** Members of the dossier that it rests on. */
  readonly files: readonly string[]
}

/** The claims that a dossier with this content makes, in order. Writer and verifier both derive them, so that claims.json can say nothing else. */
export function statementsOf(content: DecodedDossier): readonly Statement[] {
  const events = content.proofs.map(({ path }) => path)
  return [
    ...content.proofs.map(({ path }) =>
      statement(`event/${indexOf(path)}`, `Event ${indexOf(path)} is in the log as shown.`, [path]),
    ),
    ...content.distributions.flatMap(({ id }) => distributionStatements(id, events)),
    ...content.matches.flatMap((match) => matchStatements(match, events)),
    ...content.receipts.map(({ path }, index) =>
      statement(`receipt/${index + 1}`, 'A recipient signed for its package.', [path]),
    ),
    ...(content.chronology === null ? [] : [chronologyStatement()]),
    ...content.replies.map(({ path }) =>
      statement(path, 'Somebody concerned answered; the answer is unaltered.', [path]),
    ),
  ]
}

/** Log index in the path of a proof file. */
export function indexOf(path: string): number {
  return Number(path.slice('events/'.length, -'.tlog-proof'.length))
}

function distributionStatements(id: string, events: readonly string[]): readonly Statement[] {
  const opening = `openings/${id}.json`
  return [
    statement(`commitment/${id}`, `The code key opened here is the one that was committed to for distribution ${id}.`, [
      opening,
    ]),
    statement(`catalogue/${id}`, `The mark sites of distribution ${id} are the ones that were frozen and logged.`, [
      opening,
      ...events,
    ]),
    statement(
      `order/${id}`,
      `Plan and code key of distribution ${id} were committed before any copy shown here left and before the leak was reported.`,
      [opening, ...events],
    ),
  ]
}

function matchStatements(match: StoredMatch, events: readonly string[]): readonly Statement[] {
  const path = `match/${match.id}.json`
  const opening = `openings/${match.distribution}.json`
  return [
    statement(`trace/${match.id}`, traceText(match), [path, opening]),
    statement(`reading/${match.id}`, `The reading of ${match.id} was fixed by its hash in the log.`, [path, ...events]),
    ...match.accused.map((recipient) =>
      statement(
        `issued/${match.id}/${recipient}`,
        `The copy issued to ${recipient} was issued after the commitments and before the leak was reported.`,
        events,
      ),
    ),
  ]
}

function traceText(match: StoredMatch): string {
  if (match.accused.length === 0) return `The marks read in the sample of ${match.id} accuse no copy.`
  return `The sample of ${match.id} carries the marks of the ${match.accused.length === 1 ? 'copy' : 'copies'} issued to ${match.accused.join(' and ')}.`
}

function chronologyStatement(): Statement {
  return statement('chronology', 'From the dates in the case file follow the explanations shown, and no others.', [
    MEMBERS.caseFile,
    MEMBERS.options,
    MEMBERS.explanation,
  ])
}

function statement(id: string, text: string, files: readonly string[]): Statement {
  return { id, class: 'B', text, files }
}
