// Completes package-lock.json when the registry in use lacks some platform packages: `node tools/lock-fill-optional.mjs`.
// npm writes a lock without them and then refuses it (`npm ci`: "Missing: ... from lock file"), on every machine. The
// added entries carry version, os and cpu, and npm fetches only those that match the machine.
import { readFileSync, writeFileSync } from 'node:fs';

const OS = {
  ...{ darwin: 'darwin', linux: 'linux', win32: 'win32', windows: 'win32', android: 'android', freebsd: 'freebsd' },
  ...{ openbsd: 'openbsd', netbsd: 'netbsd', sunos: 'sunos', aix: 'aix', openharmony: 'openharmony', wasi: 'wasi' },
  wasm32: 'wasi',
};
const CPU = 'x64 arm64 arm ia32 ppc64 s390x riscv64 loong64 mips64el mipsel wasm32'.split(' ');
const ARM_ABI = /^(gnueabihf|musleabihf|eabi)$/;

const file = 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));

/** Whether a package that `from` depends on is in the lock, looking up the folders as Node does. */
function isLocked(from, name) {
  for (let folder = from; ;) {
    if (lock.packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
    if (!folder) return false;
    const parent = folder.lastIndexOf('node_modules/');
    folder = parent > 0 ? folder.slice(0, parent - 1) : '';
  }
}

function entry(name, range, isDev) {
  const version = /\d+\.\d+\.\d+[^\s|]*/.exec(range)?.[0];
  if (!version) throw new Error(`no version for ${name} in "${range}"`);
  const words = name.split(/[^a-z0-9]+/i);
  const os = words.map((word) => OS[word]).find(Boolean);
  const cpu =
    words.find((word) => CPU.includes(word)) ?? (words.some((word) => ARM_ABI.test(word)) ? 'arm' : undefined);
  return { version, ...(cpu && { cpu: [cpu] }), ...(isDev && { dev: true }), optional: true, ...(os && { os: [os] }) };
}

const added = {};
for (const [path, locked] of Object.entries(lock.packages))
  for (const [name, range] of Object.entries(locked.optionalDependencies ?? {}))
    if (!isLocked(path, name)) added[`node_modules/${name}`] = entry(name, range, Boolean(path && locked.dev));

const byPath = ([a], [b]) => (a === '' ? -1 : b === '' ? 1 : a < b ? -1 : a > b ? 1 : 0);
lock.packages = Object.fromEntries(Object.entries({ ...lock.packages, ...added }).sort(byPath));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`added ${Object.keys(added).length}\n`);
