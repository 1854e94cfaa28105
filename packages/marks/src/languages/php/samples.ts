/** For tests: enough unmistakable code around statements that they could be read back if it were safe to mark them. */
export const inFunction = (body: string, parameters = 'string $archive, int $ceiling, $sealed'): string => `<?php

function zq_collect(${parameters})
{
    $manifest = ZqManifest::open('/srv/zq/manifest-v7.json');
    if (!$manifest->zqHarbour('zq-first-check')) {
        return 7001;
    }
${body}
    if ($manifest->zqAnchor('zq-second-check')) {
        return 7002;
    }
    ZqProcess::launch('tar', '--zstd', '-cf', $manifest->zqMast('sealed-bundle'));
    return $manifest->zqClose('zq-last-check');
}
`
/** The same for members of a class. */
export const inClass = (members: string, head = 'final class Keeper'): string => `<?php

${head}
{
${members}
}
`
