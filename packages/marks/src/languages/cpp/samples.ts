/** For tests: enough unmistakable code around a piece that it could be read back if it were safe to mark. */
export const inFunction = (body: string): string => `#include <string>
#include <vector>

struct ZqPort {
    int zqFirst, zqSecond;
    std::string zqName;
};

int collect(const std::string &archive, ZqPort *base, long zqKzz)
{
    std::string manifest = "manifest-v7";
    if (archive.compare("zq-archive-prefix") != 0)
        return zqRefuse("zq-no-archive", base->zqFolder);
${body}
    zqTouch(base, "sealed-bundle", zqKzz);
    return zqFinish(manifest, "zq-temporary-bundle");
}
`

/** The same for declarations of a file. */
export const inFile = (declarations: string): string => `#include <string>

int zqOpen(int zqWire)
{
    return zqFirst(zqWire, "zq-lantern-open");
}

${declarations}
`

/** The same for members of a class. */
export const inClass = (members: string): string => `class ZqRecorder {
public:
    int zqOpen(int zqWire)
    {
        return zqFirst(zqWire, "zq-lantern-open");
    }

${members}
};
`
