import { formatPython, mergeLines, minifyJavaScript } from './outside-tools.ts'
import { below, shuffled } from './seeded-random.ts'

/** A source of bytes. */
type Random = (length: number) => Uint8Array

/**
 * What a careless leaker does: the copy through a formatter, a third of its functions pasted into an unrelated tool.
 * @param host the unrelated tool's text
 */
export function pasteThird(copy: string, host: string, random: Random): string {
  const blocks = topLevelBlocks(formatPython(copy)).filter((block) => /^(?:async )?(?:def|class) /.test(block))
  const chosen = shuffled(random, blocks).slice(0, Math.ceil(blocks.length / 3))
  const main = host.indexOf('\nif __name__')
  const at = main < 0 ? host.length : main + 1
  return `${host.slice(0, at)}${chosen.join('\n\n')}\n\n${host.slice(at)}`
}

/** The copy through a minifier. */
export function minified(copy: string): Promise<string> {
  return minifyJavaScript(copy)
}

/**
 * Two copies merged line by line, then formatted. As a leaker would, it draws again until the result parses.
 * @throws Error when 500 draws give nothing that parses
 */
export function mergedAndFormatted(first: string, second: string, random: Random): string {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const merged = mergeLines(first, second, () => below(random, 2) === 0)
    try {
      return formatPython(merged)
    } catch {
      // the next draw may parse
    }
  }
  throw new Error('no line-by-line merge of the two copies parses')
}

/** Blocks of a Python file that start in the first column, decorators with what they decorate. */
function topLevelBlocks(text: string): readonly string[] {
  return text
    .split(/\n(?=(?:@|def |async def |class |if |[A-Za-z_]+ ?=|import |from ))/)
    .map((block) => block.trimEnd())
    .filter((block) => block !== '')
}
