import type { CaseFile } from './case-file.ts'
import type { ChronologyReport } from './report.ts'
import { reportDocument, type Section, type Sentence, type Table } from './report-document.ts'

/**
 * The report as Markdown (CommonMark with tables). Every sentence ends with the events it cites, in brackets; the events stand in a table. Text from case files is escaped.
 */
export function reportMarkdown(caseFile: CaseFile, report: ChronologyReport): string {
  const { title, sections } = reportDocument(caseFile, report)
  return [`# ${plain(title)}`, '', ...sections.flatMap(sectionLines)].join('\n')
}

function sectionLines({ title, level, sentences, table }: Section): readonly string[] {
  const list = sentences.length === 0 ? [] : [...sentences.map(sentenceLine), '']
  return [`${'#'.repeat(level)} ${plain(title)}`, '', ...list, ...(table === null ? [] : tableLines(table))]
}

function sentenceLine({ text, cites }: Sentence): string {
  return `- ${plain(text)}${cites.length === 0 ? '' : ` [${cites.map(plain).join(', ')}]`}`
}

function tableLines({ head, rows }: Table): readonly string[] {
  return [rowLine(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(rowLine), '']
}

function rowLine(cells: readonly string[]): string {
  return `| ${cells.map(plain).join(' | ')} |`
}

/** One line in which nothing is markup: control characters are gone, and every sign that Markdown or HTML could read is escaped. */
function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '\uFFFD')
    .replaceAll(/[\\`*_{}[\]<>|~!&]/g, (sign) => `\\${sign}`)
    .replace(/^(\s*)([#+=-]|\d+[.)])/, '$1\\$2')
    .trim()
}
