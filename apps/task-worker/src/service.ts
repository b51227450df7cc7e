import 'reflect-metadata';
import { BusTransport } from '@bytespike/bus';
import { readEnv } from '@bytespike/config';
import type { Service } from '@bytespike/service';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { taskWorkerEnv } from './env.js';
import { serveTasks } from './serve-tasks.js';
import { TaskDatabase, TaskWorkerModule } from './task-worker.module.js';

/** Lives through asynchronous renders for their callers; see README.md. */
export const taskWorker: Service = {
  name: 'task-worker',
  env: taskWorkerEnv,
  start: async ({ environment, bus, logger }) => {
    const env = readEnv(taskWorkerEnv, environment);
    let limitMs = 0;
    const drainLimitMs = (): number => limitMs;
    // Nest makes the connections, so what needs them is made when Nest begins to listen.
    const app: INestMicroservice = await NestFactory.createMicroservice(TaskWorkerModule.of(env), {
      strategy: new BusTransport(bus, [
        { serveOn: (on) => serveTasks({ bus: on, pool: app.get(TaskDatabase).pool, logger, env, drainLimitMs }) },
      ]),
      logger: false,
    });
    await app.listen();
    return {
      addresses: {},
      drain: (withinMs) => {
        limitMs = withinMs;
        return app.close();
      },
    };
  },
};
