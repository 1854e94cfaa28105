import { describe, expect, it } from 'vitest'
import { walkTree } from '@sigillo/syntax/tree'
import { findSites } from '../../find-sites.ts'
import { hasTightHeredoc, loosen } from './loosen.ts'
import { parseBash } from './parse.ts'

const HEREDOC = 'first\nEOF\n'

describe('a script as minifiers write it', () => {
  it.each([
    ['an item on its line', 'case $1 in\nzq) sync;;\n*)sleep 3\nesac\nlast=1\n'],
    ['items in one line', 'if case "$1" in /*):;;\n*)sleep 3;esac;then\nlast=1\nfi\n'],
    ['a heredoc before another command', `f(){\ncat <<EOF||return 1\n${HEREDOC}sleep 3\n}\nlast=1\n`],
    ['an indented heredoc', 'f(){\ncat <<-EOF||return 1\n\tfirst\n\tEOF\nsleep 3\n}\nlast=1\n'],
    ['a heredoc in brackets', `f(){\nx=$(cat \\\n<<\\EOF)\n${HEREDOC}sleep 3\n}\nlast=1\n`],
    ['two of them', `x=$(cat <<EOF)\n${HEREDOC}y=$(cat <<EOF)\n${HEREDOC}sleep 3\nlast=1\n`],
  ])('parses: %s', async (_, text) => {
    const { firstError, root } = await parseBash(text)
    expect(firstError).toBeNull()
    const words: string[] = []
    walkTree(root, ({ type, children, start, end }) => {
      if (children.length === 0 && type === 'variable_name') words.push(text.slice(start, end))
      if (type === 'command_name') words.push(text.slice(start, end))
    })
    expect(words).toContain('sleep')
    expect(words.at(-1)).toBe('last')
  })

  it('knows where each character of what is shown stands in the text', () => {
    const text = `x=$(cat <<EOF)\n${HEREDOC}case $x in a)b;; esac\n`
    const { shown, place } = loosen(text)!
    expect(shown).toBe(`x=$(cat <<EOF \n${HEREDOC})\ncase $x in a) b;; esac\n`)
    for (const word of ['cat', 'first', 'case', 'in', 'b;', 'esac'])
      expect(text.slice(place(shown.indexOf(word))).startsWith(word)).toBe(true)
    expect(place(shown.length)).toBe(text.length)
  })

  it.each([
    'case $1 in\na) b;;\nesac\n',
    'cat <<EOF\na\nEOF\n',
    'cat <<<word)\n',
    'cat <<EOF)\nno end\n',
    'x=$((1<<n))\n',
    '',
  ])('is shown as it is where nothing is tight: %j', (text) => {
    expect(loosen(text)).toBeNull()
  })

  it('gets no marks where the grammar is shown a bracket in another place', async () => {
    const swaps = '\nfirst_step=zq-lantern\nsecond_step=zq-harbour\necho "$first_step" "$second_step"\n'
    const tight = `x=$(cat <<EOF)\n${HEREDOC}${swaps}`
    const loose = `x=$(cat <<EOF\n${HEREDOC})${swaps}`
    expect([tight, loose].map(hasTightHeredoc)).toEqual([true, false])
    expect((await findSites('a.sh', loose)).file.sites).not.toEqual([])
    expect((await findSites('a.sh', tight)).file.sites).toEqual([])
  })
})
