import type { DecodedDossier, StoredMatch } from './decoded.ts'
import { LIMITS, replyText } from './readme-text.ts'
import type { Statement } from './statements.ts'

const STYLE = `:root{color-scheme:light dark;--ink:#1a1c1e;--soft:#5b6168;--line:#d5d9dd;--paper:#fff;--note:#f4f5f6}
@media(prefers-color-scheme:dark){:root{--ink:#e6e8ea;--soft:#a3aab1;--line:#3a4046;--paper:#16181a;--note:#1f2326}}
body{margin:2rem auto;padding:0 1rem;max-width:52rem;font:16px/1.55 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.2rem;margin-top:2.2rem}
table{border-collapse:collapse;width:100%;font-size:.92rem}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line)}
td.n{font-variant-numeric:tabular-nums;white-space:nowrap}.soft{color:var(--soft)}.note{background:var(--note);padding:.8rem 1rem;border-radius:.4rem}
code{font-size:.9em;overflow-wrap:anywhere}@media print{body{max-width:none;margin:0}}`

/** report.html of a dossier: plain language, no scripts, nothing loaded from elsewhere. Depends on the content only. */
export function renderReport(content: DecodedDossier, statements: readonly Statement[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(content.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escape(content.title)}</h1>
<p class="soft">Case ${escape(content.case)} · ${escape(content.programme)} · written ${escape(content.createdAt)}</p>
<p class="note">This page is for reading. It proves nothing by itself: check the whole file with <code>sigillo verify FILE --policy POLICY</code>.</p>
${content.matches.map((match) => matchSection(match, content)).join('\n')}
${waveSection(content)}
<h2>What is claimed</h2>
<table><thead><tr><th>Claim</th><th>Statement</th></tr></thead><tbody>
${statements.map(({ id, text }) => `<tr><td><code>${escape(id)}</code></td><td>${escape(text)}</td></tr>`).join('\n')}
</tbody></table>
<h2>What this cannot say</h2>
<ul>${LIMITS.map((limit) => `<li>${escape(limit)}</li>`).join('\n')}</ul>
<h2>Right of reply</h2>
<p>${escape(replyText(content))}</p>
</body>
</html>
`
}

function matchSection(match: StoredMatch, content: DecodedDossier): string {
  const opened = content.distributions.find(({ id }) => id === match.distribution)
  const readable = match.readings.filter(({ variant }) => variant !== null).length
  const found = asList(match.result, 'accusations')
  const finding =
    found.length === 0
      ? '<p>The marks accuse no copy. That is an answer: too few marks, or no copy of this distribution behind the sample.</p>'
      : `<table><thead><tr><th>Copy issued to</th><th>Chance for an innocent copy</th><th>Chernoff bound</th><th>Marks shared</th><th>By chance</th></tr></thead><tbody>
${found.map((suspect) => suspectRow(suspect)).join('\n')}
</tbody></table>`
  return `<h2>Sample ${escape(match.id)}</h2>
<p>${readable} of ${match.readings.length} marks of distribution ${escape(match.distribution)} could be read; ${match.candidates.length} copies were tested, with the error budget of
${escape(String(match.alpha))} shared among ${opened?.recipients ?? 'an unknown number of'} recipients.</p>
${finding}`
}

function suspectRow(suspect: unknown): string {
  const cell = (key: string): string => escape(short(asText(suspect, key)))
  return `<tr><td>${cell('recipient')}</td><td class="n">${cell('p')}</td><td class="n">${cell('bound')}</td><td class="n">${cell('matches')} of ${cell('readable')}</td><td class="n">${cell('expectedMatches')}</td></tr>`
}

function waveSection(content: DecodedDossier): string {
  if (content.chronology === null) return ''
  const waves = asList(content.chronology.report, 'waves').map(waveRow).join('\n')
  return `<h2>What the dates allow</h2>
<table><thead><tr><th>Wave</th><th>Verdict</th><th>Excluded by dates</th><th>Left open</th></tr></thead><tbody>
${waves}
</tbody></table>`
}

function waveRow(wave: unknown): string {
  const explanations = asList(wave, 'explanations')
  const ids = (excluded: boolean): string =>
    explanations
      .filter((one) => (asText(one, 'status') === 'excluded') === excluded)
      .map((one) => asText(one, 'id'))
      .join(', ') || 'none'
  return `<tr><td>${escape(asText(wave, 'id'))}</td><td>${escape(asText(wave, 'verdict'))}</td><td>${escape(ids(true))}</td><td>${escape(ids(false))}</td></tr>`
}

function asList(value: unknown, key: string): readonly unknown[] {
  const member = memberOf(value, key)
  return Array.isArray(member) ? member : []
}

function asText(value: unknown, key: string): string {
  const member = memberOf(value, key)
  return typeof member === 'string' || typeof member === 'number' ? String(member) : ''
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return new Map<string, unknown>(Object.entries(value)).get(key)
}

/** Three significant digits for decimal numbers; other text as it is. */
function short(text: string): string {
  return /^-?\d*\.\d+(e[+-]\d+)?$|^-?\d+e[+-]\d+$/.test(text) ? String(Number(Number(text).toPrecision(3))) : text
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
