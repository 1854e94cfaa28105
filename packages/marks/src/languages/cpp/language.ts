import type { Language } from '../../language.ts'
import { cFamily } from '../c/family.ts'

/** C++, through tree-sitter's grammar. */
export const cpp: Language = cFamily('cpp', ['.cpp', '.cc', '.cxx', '.hpp', '.hh', '.hxx', '.ipp'])
