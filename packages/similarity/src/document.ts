import type { Language } from './language.ts'

/** One file as found. Without `language` it is guessed from the name, then from the content. */
export interface SourceFile {
  readonly bytes: Uint8Array
  readonly name?: string
  readonly language?: Language
}

/** An artefact, a sample or a piece of public code: one file, or several that belong together. */
export interface Document {
  readonly id: string
  readonly files: readonly SourceFile[]
}

/** A range of bytes in `files[file]`, `end` not included. */
export interface FileRange {
  readonly file: number
  readonly start: number
  readonly end: number
}
