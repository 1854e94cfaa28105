import type { Missing, PlanAdvice } from '@sigillo/desk/plan-advice'

/** The advisor's findings in lines for a person: what is missing, what could be declared, what could be added, every site as diffs. */
export function describeAdvice(advice: PlanAdvice): readonly string[] {
  const { missing, choosable, offers, proposals } = advice
  return [
    '',
    ...describeRequired(advice),
    missing.length === 0 ? 'Every claim asked about reaches 95 % as the plan is.' : 'What is missing for 95 %:',
    ...missing.map(describeMissing),
    '',
    `Values that look freely choosable (${choosable.length}); --required VALUE or --required-lines FILE:FROM-TO takes out what any tool for this flaw must contain:`,
    ...choosable.flatMap(({ path, line, value, kind, why, survival, paste, note }) => [
      `${path}:${line}: ${JSON.stringify(value)} looks ${kind}: ${why}; ${percent(survival)} outlive a rewrite${note === '' ? '' : `; ${note}`}`,
      ...(paste === null ? [] : [`    ${paste.trim()}`]),
    ]),
    '',
    `Places for one more value (${offers.length}); each alternative must work against the target, which --test shows:`,
    ...offers.flatMap(({ path, line, why, survival, paste }) => [
      `${path}:${line}: ${why}; ${percent(survival)} outlive a rewrite; add below`,
      `    ${paste.trim()}`,
    ]),
    '',
    `Sites (${proposals.length}):`,
    ...proposals.flatMap(({ site, line, kind, variants, diffs }) => [
      `${site} (line ${line}, ${kind}): ${variants.join(' | ')}`,
      ...diffs.flatMap((diff) => diff.split('\n')).map((text) => `    ${text}`),
    ]),
  ]
}

function describeRequired({ required: { values, lines } }: PlanAdvice): readonly string[] {
  if (values.length + lines.length === 0) return []
  return [
    'Required by the flaw, as was said; no mark is proposed there and it is no evidence:',
    ...values.map((value) => `- ${JSON.stringify(value)}`),
    ...lines.map(({ path, first, last }) => `- ${path}:${first}-${last}`),
    '',
  ]
}

function describeMissing({ damage, leakers, now, essential, structural }: Missing): string {
  const who = leakers === 1 ? 'a single leaker' : `one of ${leakers} leakers who mix their copies`
  const enough = [
    ...(essential === null ? [] : [`${essential} more essential-looking marks of 16 words`]),
    ...(structural === null ? [] : [`${structural} more orders of members`]),
  ]
  const remedy = enough.length === 0 ? '200 more marks are not enough' : `${enough.join(', or ')} would do`
  return `- after ${damage}, ${who} is named with ${percent(now)}; ${remedy}`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`
}
