import { correctCommand } from '../corrections/correct-command.js';
import { rebuildCommand } from '../rebuild/rebuild-command.js';
import { reconcileCommand } from '../reconcile/reconcile-command.js';
import { verifyCommand } from '../verify/verify-command.js';
import { partitionsCommand } from './partitions-command.js';
import { pricesCommand } from './prices-command.js';
import { runCommand, type Command } from './run-command.js';

const COMMANDS: Readonly<Record<string, Command>> = {
  correct: correctCommand,
  partitions: partitionsCommand,
  prices: pricesCommand,
  rebuild: rebuildCommand,
  reconcile: reconcileCommand,
  verify: verifyCommand,
};

// `npm run ledger -- NAME ...`
const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (command) process.exitCode = await runCommand(command, args, process.env);
else {
  const usages = Object.values(COMMANDS).map(({ usage }) => `  npm run ledger -- ${usage}\n`);
  process.stderr.write(`usage:\n${usages.join('')}`);
  process.exitCode = 2;
}
