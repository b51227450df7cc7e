// Bundles one app's workspace code; packages stay external because Nest loads its transports through `require`.
// esbuild cannot emit decorator metadata, which Nest's injection reads, so swc transpiles each file first.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { transform } from '@swc/core';
import { build, stop } from 'esbuild';

import { swcOptions } from './swc-options.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));

const decorators = {
  name: 'decorator-metadata',
  setup(bundler) {
    bundler.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), {
        filename: path,
        sourceMaps: 'inline',
        swcrc: false,
        configFile: false,
        ...swcOptions,
      });
      return { contents: code, loader: 'js' };
    });
  },
};

const workspace = {
  name: 'workspace-aliases',
  setup(bundler) {
    bundler.onResolve({ filter: /^@bytespike\// }, ({ path }) => {
      const [, library, entry] = path.split('/');
      return { path: `${root}libs/${library}/src/${entry ? `${entry}/` : ''}index.ts` };
    });
  },
};

/** Bundles `entry` (a path from the root) to `dist/<name>/main.js`. */
export const bundle = (name, entry = `apps/${name}/src/main.ts`) =>
  build({
    absWorkingDir: root,
    entryPoints: { main: entry },
    outdir: `dist/${name}`,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    plugins: [workspace, decorators],
    logLevel: 'warning',
  });

/** Ends the bundler's own process; a later `bundle` starts it again. */
export const stopBundler = stop;

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(process.argv[2], process.argv[3]);
