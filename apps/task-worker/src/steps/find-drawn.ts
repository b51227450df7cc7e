import type { SubmitOutcome } from '@bytespike/contracts';

import type { Task } from '../domain/task.js';
import type { WorkPorts } from './ports.js';

/**
 * What came of a send that nobody told of, by what it has left: pictures come with the answer, are kept under names that follow
 * from the work, and are all there or are not all made. Its vendor has drawn them, so that nothing is asked again.
 */
export async function findDrawn(task: Task, ports: WorkPorts): Promise<SubmitOutcome | undefined> {
  const { asked, credentialId, sentAt } = task;
  if (asked?.kind !== 'image' || sentAt === undefined) return undefined;
  const { n: count } = asked.request;
  const between = [new Date(sentAt), new Date(ports.moment().now)] as const;
  const found = await ports.findPictures({ workId: task.id, count, between });
  if (!found) return undefined;
  const assets = found.map(({ name, contentType, bytes, sha256 }) => ({
    from: 'store' as const,
    asset: { name, contentType, bytes, sha256 },
  }));
  return {
    submitted: {
      type: 'finished',
      report: { state: 'succeeded', word: 'found in the store', assets, rendered: { images: count } },
    },
    ...(credentialId !== undefined && { credentialId }),
    sentAt,
    attempts: [],
  };
}
