import type { PlanFile } from './site.ts'

/** Kinds of sites that are safe only in a file nobody imports. */
const PRIVATE: ReadonlySet<string> = new Set(['function-name', 'parameter-name'])

/**
 * Looks at the files of one artefact together. A Python program's functions are its own, unless another file of the artefact imports them:
 * then their names and parameters stay.
 */
export function withoutImportedNames(files: readonly PlanFile[]): PlanFile[] {
  return files.map((file) => {
    if (file.language !== 'python' || !files.some((other) => other !== file && imports(other, file))) return file
    return { ...file, sites: file.sites.filter((site) => !PRIVATE.has(site.kind)) }
  })
}

function imports(other: PlanFile, file: PlanFile): boolean {
  const module = /([^/]+)\.\w+$/.exec(file.path)?.[1]
  if (module === undefined || other.language !== 'python') return false
  const name = module.replace(/[^\w]/g, '\\$&')
  return new RegExp(`^[ \\t]*(?:from|import)\\b.*(?<!\\w)${name}(?!\\w)|import_module\\(`, 'm').test(other.text)
}
