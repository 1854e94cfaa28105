import { SealError } from './errors.ts'

const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

/**
 * Checks that a path may be a member of an archive of ours and may be written below any folder on any system: relative, `/` as separator, no empty,
 * `.` or `..` segment, no control, format (bidirectional) or unassigned-surrogate character, NFC, no backslash or colon, no Windows device name, no
 * segment that ends in a dot or space.
 *
 * @throws SealError 'bad-path' naming the path (escaped) and the rule.
 */
export function checkArchivePath(path: string): void {
  const reason = pathProblem(path)
  if (reason !== null) throw new SealError('bad-path', `path ${JSON.stringify(path)} ${reason}`)
}

/** The rule that `path` breaks, worded to follow the path, or `null` when it breaks none. */
export function pathProblem(path: string): string | null {
  if (path === '') return 'is empty'
  if (path.startsWith('/')) return 'is absolute'
  if (!path.isWellFormed() || path.normalize('NFC') !== path) return 'is not NFC-normalised Unicode'
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(path)) return 'has a control or invisible formatting character'
  if (/[\\:]/.test(path)) return 'has a backslash or colon'
  return (
    path
      .split('/')
      .map(segmentProblem)
      .find((problem) => problem !== null) ?? null
  )
}

function segmentProblem(segment: string): string | null {
  if (segment === '') return 'has an empty segment'
  if (segment === '.' || segment === '..') return `has a ${JSON.stringify(segment)} segment`
  if (/[. ]$/.test(segment)) return 'has a segment that ends in a dot or space'
  if (WINDOWS_DEVICE.test(segment)) return `has a segment that is a device name on Windows: ${segment}`
  return null
}
