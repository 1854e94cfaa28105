/** A duration of one known case, in calendar days. */
export interface CorpusDelay {
  readonly caseId: string
  readonly days: number
}

/** The durations of the cases in `vectors/chronology`, by the id of the delay; a test computes them again. */
export const CORPUS_DELAYS: Readonly<Record<string, readonly CorpusDelay[]>> = {
  'report-to-patch': [
    { caseId: 'apache-httpd-2021-41773', days: 5 },
    { caseId: 'dirty-frag-2026', days: 11 },
    { caseId: 'dirty-pipe-2022', days: 3 },
    { caseId: 'eternalblue-2017', days: 53 },
    { caseId: 'heartbleed-2014', days: 6 },
    { caseId: 'libwebp-2023', days: 5 },
    { caseId: 'log4shell-2021', days: 16 },
    { caseId: 'meltdown-spectre-2018', days: 216 },
    { caseId: 'proxylogon-2021', days: 56 },
    { caseId: 'spring4shell-2022', days: 2 },
    { caseId: 'toolshell-sharepoint-2025', days: 68 },
  ],
  'first-attack-to-patch': [
    { caseId: 'apache-httpd-2021-41773', days: -3 },
    { caseId: 'citrix-bleed-2023', days: 70 },
    { caseId: 'drupalgeddon2-2018', days: -15 },
    { caseId: 'eternalblue-2017', days: -72 },
    { caseId: 'fortinet-2022-40684', days: -7 },
    { caseId: 'ivanti-connect-secure-2024', days: 61 },
    { caseId: 'log4shell-2021', days: 9 },
    { caseId: 'printnightmare-2021', days: -23 },
    { caseId: 'proxylogon-2021', days: 60 },
    { caseId: 'spring4shell-2022', days: -1 },
    { caseId: 'tianfu-cup-ios-2018', days: 396 },
    { caseId: 'toolshell-sharepoint-2025', days: 1 },
  ],
  'patch-to-public-exploit': [
    { caseId: 'citrix-bleed-2023', days: 13 },
    { caseId: 'drupalgeddon2-2018', days: 15 },
    { caseId: 'eternalblue-2017', days: 31 },
    { caseId: 'fortinet-2022-40684', days: 7 },
    { caseId: 'printnightmare-2021', days: 21 },
    { caseId: 'proxylogon-2021', days: 8 },
    { caseId: 'shellshock-2014', days: 0 },
  ],
  'patch-to-mass-exploitation': [
    { caseId: 'citrix-bleed-2023', days: 14 },
    { caseId: 'drupalgeddon2-2018', days: 16 },
    { caseId: 'eternalblue-2017', days: 72 },
    { caseId: 'fortinet-2022-40684', days: 7 },
    { caseId: 'proxylogon-2021', days: 1 },
    { caseId: 'toolshell-sharepoint-2025', days: 10 },
  ],
  'discovery-to-report': [
    { caseId: 'dirty-frag-2026', days: -1 },
    { caseId: 'dirty-pipe-2022', days: 1 },
    { caseId: 'heartbleed-2014', days: 31 },
    { caseId: 'meltdown-spectre-2018', days: 0 },
    { caseId: 'proxylogon-2021', days: 26 },
  ],
  'report-to-hand-over': [
    { caseId: 'dirty-frag-2026', days: 8 },
    { caseId: 'dirty-pipe-2022', days: 1 },
    { caseId: 'heartbleed-2014', days: -11 },
    { caseId: 'looney-tunables-2023', days: 15 },
    { caseId: 'proxylogon-2021', days: 49 },
    { caseId: 'pwnkit-2022', days: 54 },
    { caseId: 'toolshell-sharepoint-2025', days: 54 },
  ],
  'hand-over-to-patch': [
    { caseId: 'dirty-frag-2026', days: 3 },
    { caseId: 'dirty-pipe-2022', days: 2 },
    { caseId: 'fortinet-2022-40684', days: 0 },
    { caseId: 'heartbleed-2014', days: 17 },
    { caseId: 'proxylogon-2021', days: 7 },
    { caseId: 'toolshell-sharepoint-2025', days: 14 },
  ],
  'hand-over-to-first-attack': [
    { caseId: 'fortinet-2022-40684', days: 7 },
    { caseId: 'http2-rapid-reset-2023', days: 0 },
    { caseId: 'proxylogon-2021', days: 3 },
    { caseId: 'toolshell-sharepoint-2025', days: 13 },
  ],
}
