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
    // Nest makes the connections, so what needs them is made when Nest begins to listen.
    const strategy = new BusTransport(bus, [
      { serveOn: (on) => serveTasks({ bus: on, pool: app.get(TaskDatabase).pool, logger, env }) },
    ]);
    const module = TaskWorkerModule.of(env);
    const app: INestMicroservice = await NestFactory.createMicroservice(module, { strategy, logger: false });
    await app.listen();
    return {
      addresses: {},
      drain: async (limitMs) => {
        await strategy.drain(limitMs);
        await app.close();
      },
    };
  },
};
