import type { Logger } from '@bytespike/telemetry';

/** Does something again and again, each time `intervalMs` after the last time ended. A failure is logged; the next try is the remedy. */
export function every(
  intervalMs: number,
  action: () => Promise<void>,
  logger: Pick<Logger, 'error'>,
): { stop(): Promise<void> } {
  let running: Promise<void> | undefined;
  let stopped = false;
  let timer = setTimeout(tick, intervalMs).unref();

  function tick(): void {
    running = action()
      .catch((error: unknown) => logger.error({ err: error }, 'a recurring task failed'))
      .finally(() => {
        running = undefined;
        if (!stopped) timer = setTimeout(tick, intervalMs).unref();
      });
  }

  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
