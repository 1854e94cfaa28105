import type { Draw } from '@sigillo/fingerprint/simulate'

/** What a rewriting needs besides the text. */
export interface Occasion {
  /** Another real file, to paste an excerpt into. */
  readonly host: string
  readonly draw: Draw
}

/** Something that happens to a text on its way out. */
export interface Transformation {
  readonly name: string
  /** What to install when the tool is missing. */
  readonly needs?: string
  /** Throws when the tool refuses the text; then that one file is left out and counted. */
  readonly run: (text: string, occasion: Occasion) => string | Promise<string>
}

/** One after another. */
export function chain(name: string, ...steps: readonly Transformation[]): Transformation {
  const needs = steps.map((step) => step.needs).filter((each) => each !== undefined)
  const run = async (text: string, occasion: Occasion): Promise<string> => {
    let out = text
    for (const step of steps) out = await step.run(out, occasion)
    return out
  }
  return { name, run, ...(needs.length === 0 ? {} : { needs: needs.join(' ') }) }
}
