import type { Language } from '../../language.ts'
import { cFamily } from './family.ts'

/** C, through tree-sitter's grammar; headers count as C. */
export const c: Language = cFamily('c', ['.c', '.h'])
