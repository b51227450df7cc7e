import 'reflect-metadata';

import type { CallContext } from '@bytespike/contracts';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { createLocalBus } from './testing/index.js';
import { contextOf, handlers, probe } from './testing/conformance/probe.js';
import { BusTransport, serving } from './transport.js';

class AppModule {}
Module({})(AppModule);

const note = { text: 'x', amount: 1n };

describe('an app on the bus', () => {
  it('is an ordinary Nest microservice: it serves while it listens, and closes when its calls are done', async () => {
    const bus = createLocalBus();
    const strategy = new BusTransport(bus, [serving(probe, handlers({ echo: async (input) => input }))]);
    const app = await NestFactory.createMicroservice(AppModule, { strategy, logger: false });
    await expect(bus.client(probe).echo(note, contextOf())).rejects.toMatchObject({ kind: 'unavailable' });
    await app.listen();
    expect(await bus.client(probe).echo(note, contextOf())).toEqual(note);
    await app.close();
    await expect(bus.client(probe).echo(note, contextOf())).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('waits for its calls up to the limit of whoever drains it, not up to one of its own', async () => {
    const bus = createLocalBus();
    const endless = (_: unknown, { signal }: CallContext) =>
      new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    const strategy = new BusTransport(bus, [serving(probe, handlers({ ask: endless }))]);
    const app = await NestFactory.createMicroservice(AppModule, { strategy, logger: false });
    await app.listen();
    const asked = bus.client(probe).ask({ about: 'x' }, contextOf());
    const told = expect(asked).rejects.toMatchObject({ kind: 'unavailable' });
    await strategy.drain(10);
    await told;
    await app.close();
  });

  it('refuses to boot when its handlers do not match', async () => {
    const bus = createLocalBus();
    const surplus = { ...handlers({}), shout: () => undefined };
    const strategy = new BusTransport(bus, [serving(probe, surplus)]);
    const app = await NestFactory.createMicroservice(AppModule, { strategy, logger: false });
    await expect(app.listen()).rejects.toThrow("handler 'shout' serves no contract");
    await app.close();
  });
});
