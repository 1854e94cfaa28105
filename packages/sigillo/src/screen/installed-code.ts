import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Folders of public libraries that are installed with the program: public files that are always at hand. */
export function installedPublicCode(): readonly string[] {
  const names = ['commander', 'diff', 'terser', 'yauzl', 'zod']
  return names.map(folderOf).filter((folder) => folder !== null)
}

function folderOf(name: string): string | null {
  const entry = fileURLToPath(import.meta.resolve(name))
  const marker = `/node_modules/${name}/`
  const at = entry.replaceAll('\\', '/').lastIndexOf(marker)
  const folder = at < 0 ? null : entry.slice(0, at + marker.length - 1)
  return folder !== null && existsSync(folder) ? folder : null
}
