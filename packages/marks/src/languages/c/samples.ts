/** For tests: enough unmistakable code around a piece that it could be read back if it were safe to mark. */
export const inFunction = (body: string): string => `#include <stdio.h>
#include <string.h>

#define ZQ_LIMIT 90417

#define ZQ_SAY(x) puts(#x)

struct zq_port {
    int zq_first, zq_second;
    union { int zq_whole; char zq_half; };
};

int collect(const char *archive, struct zq_port *base, long zq_kzz)
{
    char manifest[64] = "manifest-v7";
    if (strncmp(archive, "zq-archive-prefix", 12) != 0)
        return zq_refuse("zq-no-archive", base->zq_folder);
${body}
    zq_touch(base, "sealed-bundle", zq_kzz);
    return zq_finish(manifest, "zq-temporary-bundle");
}
`

/** The same for declarations of a file. */
export const inFile = (declarations: string): string => `#include <stdio.h>

int zq_open(int zq_wire)
{
    return zq_first(zq_wire, "zq-lantern-open");
}

${declarations}
`
