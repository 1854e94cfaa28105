import { readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { findSites } from '@sigillo/marks/find-sites'
import { createPlan } from '@sigillo/marks/plan'
import type { MarkPlan } from '@sigillo/marks/plan'
import { realFiles } from '../survival/corpus.ts'
import type { Corpus, RealFile } from '../survival/corpus.ts'

/** What is shared with a hundred recipients. */
export interface Bundle {
  readonly name: string
  readonly plan: MarkPlan
  /** One plan for each file, to read it alone. */
  readonly files: readonly MarkPlan[]
  /** A stranger's file in the language of each file. */
  readonly hosts: readonly string[]
}

const posta = join(import.meta.dirname, '../../../examples/posta/bundle')

/** The bundles, by name: sources and what they are made of. */
export const BUNDLES: Readonly<Record<string, () => RealFile[]>> = {
  posta: () =>
    readdirSync(posta, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => ({ path: relative(posta, path), text: readFileSync(path, 'utf8') })),
  python: () => realFiles('python', 10),
  javascript: () => realFiles('javascript', 10),
}

/** Finds the sites of a bundle's files. */
export async function openBundle(name: string): Promise<Bundle> {
  const sources = BUNDLES[name]?.() ?? []
  const files = []
  for (const { path, text } of sources) files.push((await findSites(path, text)).file)
  const marked = files.filter((file) => file.sites.length > 0)
  return {
    name,
    plan: createPlan(name, marked),
    files: marked.map((file) => createPlan(name, [file])),
    hosts: marked.map(({ language, path }) => hostFor(language, path)),
  }
}

/** The language of a file as the survival bench calls it; null for documents and rules. */
export function corpusOf(language: string): Corpus | null {
  return language === 'python' || language === 'javascript' || language === 'typescript' ? language : null
}

function hostFor(language: string, path: string): string {
  const corpus = corpusOf(language)
  if (corpus === null) return ''
  return realFiles(corpus, 12).findLast((file) => file.path !== path)?.text ?? ''
}
