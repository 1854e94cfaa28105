import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { findSites, readFile } from '../../find-sites.ts'
import { renamed, withoutComments } from '../../leak/edits.ts'
import { mergedLines, planOf, share, survey } from '../../internal/real-files.ts'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'
import { createPlan } from '../../plan.ts'
import { readSample } from '../../read-sample.ts'
import { powershell } from './language.ts'

const path = join(import.meta.dirname, '../../../fixtures/powershell/lantern.ps1')
const fixture = readFileSync(path, 'utf8')
/** A script that Python's own library ships. */
const system = ['3.11', '3.12', '3.13']
  .map((version) => `/usr/lib/python${version}/venv/scripts/common/Activate.ps1`)
  .find((candidate) => existsSync(candidate))
if (system === undefined) console.warn('SKIPPED: a PowerShell script nobody here wrote (install python3-venv)')
const files = [path, ...(system === undefined ? [] : [system])]

/** Enough unmistakable code around a piece that it could be read back if it were safe to mark. */
const script = (body: string): string => `function Save-Zq {
    param([string]$Archive, [string]$Base)
    if (-not (Test-Path "$Archive/zq-manifest-v7")) { return }
${body}
    if ($Base -eq 'zq-done') { throw 'zq-finished' }
    [Zq.Sealer]::Close($Archive)
}
`

async function kindsOf(text: string, kind: string): Promise<string[]> {
  const { file } = await findSites('a.ps1', text)
  const shown = file.sites.map((site) => `${site.kind}: ${site.variants.map((variant) => variant.shown).join(' | ')}`)
  return shown.filter((line) => line.startsWith(kind))
}

describe('PowerShell: what is marked', () => {
  it.each([
    ['two literal bindings', "    $marker = 'zq-lantern'\n    $ceiling = 90417", 'statement-order'],
    [
      'a literal binding beside a cmdlet',
      "    $marker = 'zq-lantern'\n    Sync-Item zq-harbour",
      'statement-order: $marker',
    ],
    ['entries of a hash', "    $zq = @{ 'X-Lantern' = $Archive; 'X-Harbour' = $Base }", 'member-order'],
    ['named arguments', "    Copy-Item -Path 'zq-lantern' -Destination 'zq-harbour'", 'member-order'],
    ['a named argument and a switch', "    Remove-Item -Path 'zq-lantern' -Force", 'member-order'],
    ['a searched list', "    if ($Base -in 'zq-lantern', 'zq-harbour') { Sync-Item }", 'member-order'],
    ['a list that is asked', "    if (@('zq-lantern', 'zq-harbour') -contains $Base) { Sync-Item }", 'member-order'],
    [
      'clauses that exclude each other',
      "    switch ($Base) {\n        'zq-lantern' { Sync-Item }\n        'zq-harbour' { Clear-Host }\n    }",
      'case-order',
    ],
    ['a comparison of lengths', '    if ($Archive.Length -lt $Base.Count) { Sync-Item }', 'comparison'],
    ['a local with synonyms', '    $message = Get-Zq $Archive\n    Send-Zq "$message" $message', 'local-name'],
    ['a loop variable', '    foreach ($message in $Archive) { Send-Zq $message }', 'local-name'],
  ])('%s', async (_, body, kind) => {
    expect(await kindsOf(script(body), kind)).toHaveLength(1)
  })

  it('neighbouring functions, with the comments that speak of them; names in their own style', async () => {
    const text = `${script('')}\n# says so\nfunction Show-Zq {\n    $Message = Get-Zq\n    Write-Output 'zq-report-lantern' $Message\n}\n`
    const { file } = await findSites('a.ps1', text)
    const site = file.sites.find((one) => one.kind === 'function-order')
    expect(site?.variants[1]?.shown).toBe('Show-Zq before Save-Zq')
    expect(file.text.slice(site?.parts?.[1]?.start)).toMatch(/^# says so\nfunction Show-Zq/)
    const name = file.sites.find((one) => one.kind === 'local-name')
    for (const { shown } of name?.variants ?? []) expect(shown).toMatch(/^[A-Z]/)
  })
})

describe('PowerShell: what is left alone', () => {
  it.each([
    ['two cmdlets', '    Sync-Item zq-lantern\n    Clear-Item zq-harbour', 'statement-order'],
    ['a binding the cmdlet uses', "    $marker = 'zq-lantern'\n    Sync-Item $marker", 'statement-order'],
    ['a binding with other capitals', "    $marker = 'zq-lantern'\n    Sync-Item $MARKER", 'statement-order'],
    ['bindings of what is called', '    $marker = Get-Zq lantern\n    $ceiling = Get-Zq harbour', 'statement-order'],
    [
      'a binding beside a function, which may see it',
      "    $marker = 'zq-lantern'\n    Save-Zq zq-harbour",
      'statement-order: $marker',
    ],
    [
      'a binding that catch may see',
      "    try {\n        $marker = 'zq-lantern'\n        Sync-Item zq\n    } catch { Write-Zq $marker }",
      'statement-order: $marker',
    ],
    ['preferences', "    $ErrorActionPreference = 'Stop'\n    $ofs = 'zq-harbour'", 'statement-order'],
    [
      'a status that is asked for',
      "    $marker = 'zq-lantern'\n    Sync-Item zq\n    Write-Zq $?",
      'statement-order: $marker',
    ],
    ['an ordered hash', "    $zq = [ordered]@{ 'X-Lantern' = $Archive; 'X-Harbour' = $Base }", 'member-order'],
    ['an object', '    $zq = [pscustomobject]@{ Lantern = $Archive; Harbour = $Base }', 'member-order'],
    ['entries that are called', '    $zq = @{ Lantern = Get-A; Harbour = Get-B }', 'member-order'],
    ['arguments of a program', "    curl.exe -Path 'zq-lantern' -Method 'zq-harbour'", 'member-order'],
    ['a parameter that may be a switch', "    Sync-Zq -Lantern 'zq-lantern' -Harbour 'zq-harbour'", 'member-order'],
    ['a list that is no search', "    Send-Zq @('zq-lantern', 'zq-harbour')", 'member-order'],
    [
      'a switch over patterns',
      "    switch -Wildcard ($Base) {\n        'zq-lantern' { Sync-Item }\n        'zq-harbour' { Clear-Host }\n    }",
      'case-order',
    ],
    [
      'clauses that differ by capitals only',
      "    switch ($Base) {\n        'zq' { Sync-Item }\n        'ZQ' { Clear-Host }\n    }",
      'case-order',
    ],
    [
      'clauses that are conditions',
      "    switch ($Base) {\n        { $_ -gt 1 } { Sync-Item }\n        'zq' { Clear-Host }\n    }",
      'case-order',
    ],
    [
      'a number and a word that may be the same',
      "    switch ($Base) {\n        1 { Sync-Item }\n        '1' { Clear-Host }\n    }",
      'case-order',
    ],
    ['a comparison of unknown things', '    if ($Archive -lt $Base) { Sync-Item }', 'comparison'],
    ['a comparison that filters a list', '    if ($Archive -lt $Base.Count) { Sync-Item }', 'comparison'],
    ['the head of a loop', '    for ($zq = 0; $Archive.Count -lt $Base.Count; $zq++) { Sync-Item }', 'comparison'],
    ['a parameter', '    Send-Zq $Archive $Archive', 'local-name'],
    ['a name of another scope too', '    $message = Get-Zq\n    Send-Zq $message $script:message', 'local-name'],
    [
      'a name that is used before it is set',
      '    Send-Zq $message\n    $message = Get-Zq\n    Send-Zq $message',
      'local-name',
    ],
    ['a name somebody may look up', '    $message = Get-Zq\n    Send-Zq $message (Get-Variable m*)', 'local-name'],
    ['a name in two spellings', '    $message = Get-Zq\n    Send-Zq $Message', 'local-name'],
  ])('%s', async (_, body, kind) => {
    expect(await kindsOf(script(body), kind)).toEqual([])
  })

  it('a local that a called function sees', async () => {
    const text = `function Show-Zq {\n    Write-Output "zq-harbour $message"\n}\n${script('    $message = Get-Zq\n    Send-Zq $message')}`
    expect(await kindsOf(text, 'local-name')).toEqual([])
  })
})

describe('PowerShell: declared marks', () => {
  it.each([
    ["$zq = 'lt-' # sigillo:mark derived lt- | l's", "$zq = 'l''s'"],
    ['$zq = "lt-" # sigillo:mark derived lt- | "l$\\"`"', '$zq = "l`$`"``"'],
    ['$zq = 15 # sigillo:mark tuning 15 | 20', '$zq = 20'],
  ])('%s', async (line, shown) => {
    const { file } = await findSites('a.ps1', script(`    ${line}\n    Send-Zq $zq zq-lantern`))
    expect(trialCopy(file, new Map(file.sites.map((site) => [site.id, 1])))).toContain(shown)
  })

  it.each(['$marker = 15 # sigillo:mark tuning 15 | many', '$marker = "lt-$x" # sigillo:mark derived lt- | ls-'])(
    'refuses %s',
    async (line) => {
      await expect(findSites('a.ps1', `${line}\n`)).rejects.toMatchObject({ code: 'bad-declaration' })
    },
  )
})

describe('a PowerShell script', () => {
  it('carries marks of every kind', async () => {
    const { file } = await findSites('poc/lantern.ps1', fixture)
    expect(file.sites.length).toBeGreaterThan(35)
    expect(new Set(file.sites.map((site) => site.kind))).toEqual(
      new Set([
        'derived',
        'essential',
        'member-order',
        'case-order',
        'statement-order',
        'function-order',
        'comparison',
        'local-name',
      ]),
    )
  })

  it('reads back from 200 random codewords; every copy is sound', async () => {
    const { file } = await findSites('poc/lantern.ps1', fixture)
    const next = numbersFrom(5)
    for (let trial = 0; trial < 200; trial++) {
      const word = trialWord(file, next)
      const text = trialCopy(file, word)
      const readings = await readFile(file, { path: 'x', text })
      expect(readings.map((reading) => reading.variant)).toEqual(file.sites.map((site) => word.get(site.id)))
      if (trial % 20 === 0) expect(await checkCopy(file, text, (id) => word.get(id)!)).toEqual({ ok: true })
    }
  })

  it('is told from other languages by its content', async () => {
    const { file } = await findSites('poc/lantern.ps1', fixture)
    const readings = await readSample(createPlan('lantern', [file]), [{ path: 'dump', text: file.text }])
    expect(readings.filter((reading) => reading.variant === null)).toEqual([])
  })

  it.each([
    ['[int]$payload.Length -gt $limit', '[int]$payload.Length -lt $limit'],
    ['"attempt $attempt failed"', '"attempt $attempt lost"'],
  ])('a copy with %s changed is not sound', async (from, to) => {
    const { file } = await findSites('poc/lantern.ps1', fixture)
    const forged = file.text.replace(from, to)
    expect(await checkCopy(file, forged, () => 0)).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/differs/),
    })
  })
})

describe('what happens to a PowerShell script', () => {
  it.each(files)('%s: 20 random codewords are sound copies', async (file) => {
    const plan = await planOf(file)
    const next = numbersFrom(3)
    for (let trial = 0; trial < 20; trial++) {
      const word = trialWord(plan, next)
      expect(await checkCopy(plan, trialCopy(plan, word), (id) => word.get(id)!)).toEqual({ ok: true })
    }
  })

  it('comment stripping and new indentation: everything is read', async () => {
    const tally = await survey(files, async (text) =>
      (await withoutComments('powershell', text)).replace(/^ +/gm, (indent) => '\t'.repeat(indent.length / 4)),
    )
    expect(share(tally, 'all')).toBe(1)
  })

  it('renaming everything: most structure, no name, nothing wrong', async () => {
    const tally = await survey(files, async (text) => renamed('powershell', text))
    expect(tally['all']?.wrong).toBe(0)
    expect(tally['name']?.right).toBe(0)
    expect(share(tally, 'structural')).toBeGreaterThan(0.8)
  })

  it.skipIf(system === undefined)(
    'three functions pasted into another script: what is there is read right',
    async () => {
      const host = readFileSync(system!, 'utf8')
      const tally = await survey(
        [path],
        (text) =>
          `${host}\n${text
            .split(/^(?=function )/m)
            .slice(4, 7)
            .join('')}`,
      )
      expect(tally['all']?.wrong).toBe(0)
      expect(tally['all']!.right).toBeGreaterThan(15)
    },
  )

  it('two copies merged by lines: only what one of them said', async () => {
    const tally = await mergedLines(files)
    expect(tally['all']?.wrong).toBe(0)
    expect(tally['all']!.right).toBeGreaterThan(20)
  })

  it.skipIf(system === undefined)('an unrelated script says nothing', async () => {
    const readings = await readFile(await planOf(path), { path: 'other', text: readFileSync(system!, 'utf8') })
    expect(readings.filter((reading) => reading.variant !== null)).toEqual([])
  })
})

describe('hostile texts', () => {
  it.each(['', '\0', 'if (', '@"', '$($(', 'switch {', '@{;}', 'function'])('takes %j without harm', async (text) => {
    await findSites('a.ps1', text).catch((error: unknown) => expect(error).toMatchObject({ name: 'MarksError' }))
    expect(await powershell.resembles?.(text)).toBeLessThanOrEqual(1)
  })
})
