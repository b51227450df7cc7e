import { createHash } from 'node:crypto';

import { CatalogueDocument, validateCatalogue } from '@bytespike/catalog';
import type { Prisma, PrismaClient } from '@bytespike/database';

export interface Snapshot {
  readonly version: number;
  readonly catalogue: CatalogueDocument;
  /** Epoch milliseconds. */
  readonly publishedAt: number;
}

/** catalog.snapshot and catalog.credential. */
export class CatalogueStore {
  constructor(private readonly prisma: PrismaClient) {}

  async newest(): Promise<Snapshot | undefined> {
    const row = await this.prisma.catalogSnapshot.findFirst({ orderBy: { version: 'desc' } });
    if (!row) return undefined;
    const catalogue = CatalogueDocument.parse(row.document);
    return { version: row.version, catalogue, publishedAt: row.createdAt.getTime() };
  }

  /** Writes a new version unless the newest says the same. Throws the list of problems of an invalid catalogue. */
  async publish(catalogue: CatalogueDocument): Promise<{ readonly version: number; readonly isNew: boolean }> {
    const problems = validateCatalogue(catalogue);
    if (problems.length > 0) throw new Error(`the catalogue is not valid:\n${problems.join('\n')}`);
    const text = JSON.stringify(catalogue);
    const hash = createHash('sha256').update(text).digest('hex');
    const newest = await this.prisma.catalogSnapshot.findFirst({
      orderBy: { version: 'desc' },
      omit: { document: true },
    });
    if (newest?.hash === hash) return { version: newest.version, isNew: false };
    const { version } = await this.prisma.catalogSnapshot.create({
      data: { document: catalogue satisfies Prisma.InputJsonObject, hash },
    });
    return { version, isNew: true };
  }

  credentialsOf(channelId: string): Promise<{ id: string; weight: number; sealed: string }[]> {
    return this.prisma.catalogCredential.findMany({
      where: { channelId, disabled: false },
      select: { id: true, weight: true, sealed: true },
    });
  }

  /** Makes `credentials` the channel's only ones. */
  async replaceCredentials(
    channelId: string,
    credentials: { id: string; sealed: string; weight: number }[],
  ): Promise<void> {
    await this.prisma.$transaction([
      this.prisma.catalogCredential.deleteMany({ where: { channelId } }),
      this.prisma.catalogCredential.createMany({
        data: credentials.map((credential) => ({ ...credential, channelId })),
      }),
    ]);
  }
}
