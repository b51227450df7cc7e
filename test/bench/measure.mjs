// One cell of the table: a load on a target, with the CPU and memory its processes took for it.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { measureTrees } from './processes.mjs';

const worker = fileURLToPath(new URL('./load-worker.mjs', import.meta.url));

export function measure(target, scenario) {
  return new Promise((resolve, reject) => {
    const child = fork(worker, { execArgv: ['--no-warnings'] });
    let before;
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`the load on ${target.name} ended without a result`)));
    child.on('message', ({ type, ...result }) => {
      if (type === 'measuring') {
        before = measureTrees(target.pids());
        return;
      }
      const after = measureTrees(target.pids());
      resolve({
        ...result,
        perSecond: result.requests / result.seconds,
        // Without a single answer there is no cost of one.
        cpuMsPerRequest: ((after.cpuSeconds - before.cpuSeconds) * 1000) / result.requests,
        residentBytes: after.residentBytes,
      });
    });
    child.send({ origin: target.origin, request: target.request(scenario), ...scenario.load });
  });
}
