// Keeps a program running: one that dies is started again at the same place, a few times, with a word about it.
import { setTimeout as sleep } from 'node:timers/promises';

const RESTARTS_MAX = 10;
const PAUSE_MS = 200;

/** `start` resolves to a running program ({ pid, exited, stop }). `onGiveUp` is told when it keeps dying. */
export async function supervise({ name, start, restartsMax = RESTARTS_MAX, say, onRestart, onGiveUp }) {
  let program = await start();
  let stopping = false;
  let restarts = 0;
  let lastEnd;
  const watch = async () => {
    for (;;) {
      const { pid } = program;
      const end = await program.exited;
      if (stopping) return;
      // One that could not be started again has done nothing, and hides nobody's end.
      if (pid !== undefined) lastEnd = { pid, code: null, signal: null, ...end, atMs: Date.now() };
      restarts += 1;
      if (restarts > restartsMax) return onGiveUp(`${name} died ${restarts} times: ${program.lastWords?.() ?? ''}`);
      say(`${name} died and is started again`);
      await sleep(PAUSE_MS);
      if (stopping) return;
      program = await start().catch(neverStarted);
      // `stop` came while it started, and has stopped the one before.
      if (stopping) return program.stop();
      onRestart();
    }
  };
  const watching = watch();
  return {
    name,
    get pid() {
      return program.pid;
    },
    /** How the one before it ended and when, `{ pid, code, signal, atMs }`; undefined while the first still runs. */
    get lastEnd() {
      return lastEnd;
    },
    async stop() {
      stopping = true;
      await program.stop();
      await watching;
    },
  };
}

/** A program that could not be started again: it counts as one that died at once. */
const neverStarted = (error) => ({
  pid: undefined,
  exited: Promise.resolve(),
  lastWords: () => error.message,
  stop: async () => undefined,
});
