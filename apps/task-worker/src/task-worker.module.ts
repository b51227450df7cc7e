import { createPool, SERVICE_ROLES, type Pool } from '@bytespike/database';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';

import type { TaskWorkerEnv } from './env.js';

const STATEMENT_TIMEOUT_MS = 4_000;

/** The connections to tasks; Nest closes them. */
export class TaskDatabase implements OnApplicationShutdown {
  constructor(readonly pool: Pool) {}

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

const taskDatabase = (env: TaskWorkerEnv): TaskDatabase =>
  new TaskDatabase(
    createPool(env.DATABASE_URL, {
      max: env.TASK_WORKER_DATABASE_CONNECTIONS,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      applicationName: 'task-worker',
      session: { role: SERVICE_ROLES.tasks },
    }),
  );

/** What has a lifecycle; Nest closes it. */
@Module({})
export class TaskWorkerModule {
  static of(env: TaskWorkerEnv): DynamicModule {
    return { module: TaskWorkerModule, providers: [{ provide: TaskDatabase, useFactory: () => taskDatabase(env) }] };
  }
}
