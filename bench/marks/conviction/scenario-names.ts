/** What the planner calls a damage of the bench; null for a damage it has no word for. */
export function scenarioOf(damage: string): string | null {
  const plain = damage.replace(/^\d copies /, '')
  return NAMES[plain] ?? null
}

const NAMES: Readonly<Record<string, string>> = {
  nothing: 'verbatim',
  black: 'format',
  'autopep8 -aa': 'format',
  prettier: 'format',
  gofmt: 'format',
  shfmt: 'format',
  'clang-format LLVM': 'format',
  'clang-format GNU': 'format',
  'clang-format WebKit': 'format',
  'clang-format Chromium': 'format',
  'comments stripped': 'format',
  'ast.unparse': 'format',
  'all renamed': 'rename',
  terser: 'minify',
  esbuild: 'minify',
  'javascript-obfuscator low': 'obfuscate',
  'javascript-obfuscator medium': 'flatten',
  'javascript-obfuscator high': 'flatten',
  'functions shuffled': 'shuffle',
  '30 % pasted elsewhere': 'excerpt',
  'merged by lines': 'merge-lines',
  'merged by functions': 'merge-funcs',
  'git merge-file --union': 'merge-union',
  'git merge-file --ours': 'merge-ours',
}
