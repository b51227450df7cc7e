import type { Bus } from '@bytespike/bus';
import { createPrisma, SERVICE_ROLES } from '@bytespike/database';
import type { Logger } from '@bytespike/telemetry';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { Module } from '@nestjs/common';

import { AccessTokenStore } from './access-token-store.js';
import { AccountStore } from './account-store.js';
import { Book } from './book.js';
import { CapStore } from './cap-store.js';
import { CatalogueStore } from './catalogue-store.js';
import type { ConsoleApiEnv } from './env.js';
import { AdminController } from './http/admin.controller.js';
import { BookController } from './http/book.controller.js';
import { CapsController } from './http/caps.controller.js';
import { StripeWebhookController } from './http/stripe-webhook.controller.js';
import { TaskReviewsController } from './http/task-reviews.controller.js';
import { TopUpsController } from './http/top-ups.controller.js';
import { KeyChanges } from './key-changes.js';
import { KeyStore } from './key-store.js';
import { Payments } from './payments/payments.js';
import { ConsoleApiSettings } from './settings.js';
import { TaskReviews } from './task-reviews.js';
import { Wallets } from './wallets.js';

/** Ends the database sessions when Nest closes the application. */
class DatabaseSessions implements OnApplicationShutdown {
  constructor(private readonly end: () => Promise<void>) {}

  onApplicationShutdown(): Promise<void> {
    return this.end();
  }
}

@Module({})
export class ConsoleApiModule {
  static with(env: ConsoleApiEnv, bus: Bus, logger: Logger): DynamicModule {
    const prisma = createPrisma(env.DATABASE_URL, SERVICE_ROLES.console);
    const wallets = new Wallets(bus);
    const values = [
      new KeyStore(prisma),
      new AccessTokenStore(prisma),
      new AccountStore(prisma),
      new CapStore(prisma),
      new CatalogueStore(prisma),
      new Book(bus),
      new TaskReviews(bus),
      new KeyChanges(bus),
      wallets,
      new Payments(env, { prisma, wallets, logger, now: Date.now }),
      new ConsoleApiSettings(env.KEY_PEPPER, Date.now),
      new DatabaseSessions(() => prisma.$disconnect()),
    ];
    return {
      module: ConsoleApiModule,
      controllers: [
        AdminController,
        BookController,
        CapsController,
        TaskReviewsController,
        TopUpsController,
        StripeWebhookController,
      ],
      providers: values.map((value) => ({ provide: value.constructor, useValue: value })),
    };
  }
}
