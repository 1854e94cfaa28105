import type { CaseFile } from './case-file.ts'
import { escapeXml } from './internal/svg.ts'
import type { ChronologyReport } from './report.ts'
import { citationTitles, reportDocument, type Section, type Sentence, type Table } from './report-document.ts'
import { timelineSvg } from './timeline-svg.ts'

const STYLE = `
:root{color-scheme:light dark;--text:#1c2128;--page:#ffffff;--quiet:#57606a;--rule:#d0d7de;--link:#1858b8;--head:#f6f8fa}
@media (prefers-color-scheme:dark){:root{--text:#e4e8ee;--page:#14181e;--quiet:#9aa4b0;--rule:#3a424d;--link:#82b1ff;--head:#1d232b}}
*{box-sizing:border-box}body{margin:0 auto;max-width:76rem;padding:1rem 1.25rem 4rem;font:16px/1.55 system-ui,"DejaVu Sans",sans-serif;color:var(--text);background:var(--page)}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.25rem;margin-top:2.2rem;border-bottom:1px solid var(--rule);padding-bottom:.2rem}h3{font-size:1.05rem;margin-top:1.8rem}
p{max-width:48rem;margin:.45rem 0;overflow-wrap:break-word}a{color:var(--link)}a.cite{font-size:.8em;text-decoration:none;white-space:nowrap}a.cite:hover{text-decoration:underline}
.wide{overflow-x:auto;margin:.8rem 0}.wide svg{display:block;min-width:56rem;width:100%;height:auto}
table{border-collapse:collapse;font-size:.88rem;width:100%}th{text-align:left;background:var(--head)}th,td{border:1px solid var(--rule);padding:.3rem .5rem;vertical-align:top}
td{min-width:4.5rem}td.long{min-width:16rem}:target{outline:2px solid var(--link)}.note{color:var(--quiet);font-size:.9rem}
@media print{:root{--text:#000;--page:#fff;--quiet:#444;--rule:#999;--link:#000;--head:#eee}body{max-width:none;padding:0;font-size:10pt}
.wide{overflow:visible}.wide svg{min-width:0}h2,h3{break-after:avoid}tr,p{break-inside:avoid}table{font-size:8pt}td.long{min-width:0}}
`

/**
 * The report as one HTML page that loads nothing: the drawing, then every part in plain language. Each sentence links to the events it cites in the table at the end. All
 * text from the case file is escaped, and a content security policy forbids scripts and requests.
 */
export function reportHtml(caseFile: CaseFile, report: ChronologyReport): string {
  const { title, sections } = reportDocument(caseFile, report)
  const known = citationTitles(caseFile)
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeXml(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    `<h1>${escapeXml(title)}</h1>`,
    '<p class="note">Dates accuse nobody. Shares rest on the numbers printed at the end, most of them assumed; read the verdict and what it depends on first.</p>',
    `<div class="wide">${timelineSvg(caseFile, report)}</div>`,
    ...sections.flatMap((section) => sectionLines(section, known)),
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function sectionLines(
  { title, level, sentences, table }: Section,
  known: ReadonlyMap<string, string>,
): readonly string[] {
  return [
    `<h${level}>${escapeXml(title)}</h${level}>`,
    ...sentences.map((sentence) => sentenceLine(sentence, known)),
    ...(table === null ? [] : tableLines(table, title === 'The events', known)),
  ]
}

function sentenceLine({ text, cites }: Sentence, known: ReadonlyMap<string, string>): string {
  return `<p>${escapeXml(text)} ${cites.map((id) => citation(id, known)).join(' ')}</p>`
}

function citation(id: string, known: ReadonlyMap<string, string>): string {
  return `<a class="cite" href="#event-${escapeXml(id)}" title="${escapeXml(known.get(id) ?? '')}">${escapeXml(id)}</a>`
}

/** The last column of a citing table holds event ids: links to the events, or in the table of events itself the places that the links lead to. */
function tableLines(
  { head, rows, citing }: Table,
  isEventTable: boolean,
  known: ReadonlyMap<string, string>,
): readonly string[] {
  const last = head.length - 1
  const cell = (text: string, column: number): string => {
    const content =
      citing && column === last && !isEventTable
        ? text
            .split(' ')
            .filter((id) => id !== '')
            .map((id) => citation(id, known))
            .join(' ')
        : escapeXml(text)
    return `<td${text.length > 60 ? ' class="long"' : ''}>${content}</td>`
  }
  const row = (cells: readonly string[]): string => {
    const anchor = isEventTable ? ` id="event-${escapeXml(cells[last] ?? '')}"` : ''
    return `<tr${anchor}>${cells.map(cell).join('')}</tr>`
  }
  return [
    '<div class="wide"><table>',
    `<thead><tr>${head.map((name) => `<th scope="col">${escapeXml(name)}</th>`).join('')}</tr></thead>`,
    `<tbody>${rows.map(row).join('\n')}</tbody>`,
    '</table></div>',
  ]
}
