import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ALL_CONTRACTS } from '@bytespike/contracts';
import { PROTOCOL_NAMES } from '@bytespike/kernel';
import { SPAN_NAMES } from '@bytespike/telemetry';

import { reachableFrom } from './reachable.js';
import { isCode, isFixture, isTest, readRepository, root, type TrackedFile } from './repository.js';

const files = readRepository();
const code = files.filter((file) => isCode(file) && !isFixture(file));
const product = code.filter((file) => !isTest(file));
const documents = files.filter(({ path }) => path.endsWith('.md') && !path.startsWith('docs/generated/'));

const LINES_MAX = 300;
const VAGUE_NAME =
  /(^|\/)(utils?|helpers?|common|misc|types|constants|interfaces|manager)\.(ts|mjs)$|\.(service|dto|entity)\.ts$/;
/** `service.ts` is an app as a value (libs/service), not a bag of methods. */
const isVague = (path: string): boolean => VAGUE_NAME.test(path);

interface Ban {
  readonly pattern: RegExp;
  readonly instead: string;
  readonly allowed: RegExp;
}

const BANNED: readonly Ban[] = [
  {
    pattern: /\bJSON\.parse\(/,
    instead: 'parseJson or tryParseJson of libs/kernel',
    allowed: /^libs\/kernel\/src\/json\.ts|^apps\/provider-sim\/|^tools\//,
  },
  {
    pattern: /\bprocess\.env\b/,
    instead: 'readEnv in env.ts',
    allowed:
      /^libs\/service\/src\/run-services\.ts|\/seed\/main\.ts$|\/testing\/|^tools\/|^prisma\.config|^apps\/provider-sim\/src\/main\.ts$|^apps\/billing-ledger\/src\/operators\/main\.ts$/,
  },
  { pattern: /\bconsole\.\w+\(/, instead: 'the logger of libs/telemetry', allowed: /^tools\// },
  { pattern: /\bforwardRef\b/, instead: 'a design without a cycle', allowed: /^$/ },
  { pattern: /\bas any\b|\bas unknown as\b/, instead: 'a type that is true', allowed: /^$/ },
  { pattern: /@ts-ignore|@ts-nocheck/, instead: 'a type that is true', allowed: /^$/ },
  { pattern: /\bTODO\b|\bFIXME\b|\bXXX\b/, instead: 'an issue', allowed: /^$/ },
  { pattern: /\b(it|test|describe)\.(skip|only|todo)\b/, instead: 'a test that runs', allowed: /^$/ },
  { pattern: /from '@opentelemetry\//, instead: 'libs/telemetry', allowed: /^libs\/telemetry\// },
  { pattern: /from 'prom-client'/, instead: 'metrics of libs/telemetry', allowed: /^libs\/telemetry\// },
  { pattern: /from '@nats-io\//, instead: 'libs/bus', allowed: /^libs\/bus\// },
];

const findings = (scope: readonly TrackedFile[], judge: (file: TrackedFile) => readonly string[]): string[] =>
  scope.flatMap((file) => judge(file).map((finding) => `${file.path}: ${finding}`));

describe('the repository', () => {
  it(`has no file over ${LINES_MAX} lines but data`, () => {
    const isData = ({ path }: TrackedFile): boolean => /\/seed\/|schema\.ts$|\.spec\.ts$|\/generated\//.test(path);
    const long = code.filter((file) => !isData(file) && file.lines.length > LINES_MAX + 1);
    expect(long.map(({ path, lines }) => `${path}: ${lines.length} lines, a file is one idea`)).toEqual([]);
  });

  it('has no vague file name', () => {
    expect(
      code.filter(({ path }) => isVague(path)).map(({ path }) => `${path}: name it after what it exports`),
    ).toEqual([]);
  });

  it('calls nothing that has a better way', () => {
    const judge = ({ path, lines }: TrackedFile): string[] =>
      BANNED.filter(({ allowed }) => !allowed.test(path)).flatMap(({ pattern, instead }) =>
        lines.flatMap((line, index) => (pattern.test(line) ? [`${index + 1}: ${line.trim()} (use ${instead})`] : [])),
      );
    const judged = product.filter(({ path }) => !path.startsWith('tools/tidy/'));
    expect(findings(judged, judge)).toEqual([]);
  });

  it('has no dead file', () => {
    const entries = code.filter(
      (file) =>
        isTest(file) ||
        /^(tools|test)\/|\/main\.ts$|^libs\/[^/]+\/src\/index\.ts$|\.(config)\.(ts|mjs)$/.test(file.path),
    );
    const reached = reachableFrom(entries, code);
    expect(
      product.filter(({ path }) => /^(apps|libs)\//.test(path) && !reached.has(path)).map(({ path }) => path),
    ).toEqual([]);
  });

  it('gives every project a README, tags and the standard targets', () => {
    const projects = files.filter(({ path }) => /^(apps|libs)\/[^/]+\/project\.json$/.test(path));
    const judge = ({ path, text }: TrackedFile): string[] => {
      const { tags, targets } = JSON.parse(text) as { tags: string[]; targets: Record<string, unknown> };
      const isLibrary = path.startsWith('libs/');
      return [
        ...(existsSync(join(root, dirname(path), 'README.md')) ? [] : ['write its README.md']),
        ...['type:', 'scope:', ...(isLibrary ? ['layer:'] : [])].flatMap((kind) =>
          tags.some((tag) => tag.startsWith(kind)) ? [] : [`add its ${kind} tag`],
        ),
        ...['test', 'lint', 'typecheck', ...(isLibrary ? [] : ['build'])].flatMap((target) =>
          target in targets ? [] : [`add its ${target} target`],
        ),
      ];
    };
    expect(findings(projects, judge)).toEqual([]);
  });

  it('keeps READMEs of projects within 40 lines', () => {
    const long = documents.filter(
      ({ path, lines }) => /^(apps|libs)\/[^/]+\/README\.md$/.test(path) && lines.length > 41,
    );
    expect(long.map(({ path, lines }) => `${path}: ${lines.length}`)).toEqual([]);
  });

  it('gives every document one title and links that lead somewhere', () => {
    const judge = ({ path, text }: TrackedFile): string[] => {
      const prose = text.replace(/^```[\s\S]*?^```/gm, '');
      const titles = prose.split('\n').filter((line) => /^# /.test(line));
      const links = [...prose.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link]) => link ?? '');
      const dead = links.filter((link) => !/^[a-z]+:/.test(link) && !existsSync(join(root, dirname(path), link)));
      return [
        ...(titles.length === 1 ? [] : [`${titles.length} titles`]),
        ...dead.map((link) => `${link} leads nowhere`),
      ];
    };
    expect(findings(documents, judge)).toEqual([]);
  });

  it('names files that exist in ARCHITECTURE.md', () => {
    const architecture = files.find(({ path }) => path === 'ARCHITECTURE.md');
    const named = [...(architecture?.text ?? '').matchAll(/`((?:apps|libs|tools|prisma|docs)\/[^`*{}]+)`/g)].map(
      ([, path]) => path ?? '',
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names files that exist in every document', () => {
    const paths = files.map(({ path }) => path);
    const judge = ({ path, text }: TrackedFile): string[] => {
      // A project's own files may be named from anywhere within it; any others by their whole path.
      const home = /^(apps|libs|test)\/[^/]+\//.exec(path)?.[0] ?? '';
      const exists = (name: string): boolean =>
        paths.some((one) => one === name || (one.startsWith(home) && one.endsWith(`/${name}`)));
      const named = [...text.matchAll(/`([\w./-]+\.(?:ts|mjs|md|json|prisma|sql))`/g)].map(([, name]) => name ?? '');
      return named
        .filter((name) => !name.endsWith('running.json') && !exists(name))
        .map((name) => `${name} is not there`);
    };
    expect(findings(documents, judge)).toEqual([]);
  });

  it('documents the environment of every app that reads one', () => {
    const page = files.find(({ path }) => path === 'docs/generated/environment.md')?.text ?? '';
    const apps = files.flatMap(({ path }) => /^apps\/([^/]+)\/src\/env\.ts$/.exec(path)?.[1] ?? []);
    expect(apps.length).toBeGreaterThan(5);
    expect(apps.filter((app) => !page.includes(`\n## ${app}\n`))).toEqual([]);
  });

  it('gives every protocol the same rooms', () => {
    const rooms = ['errors.ts', 'meter.ts', 'peek.ts'];
    const translated = ['schema.ts', 'to-ir.ts', 'from-ir.ts', 'stream.ts', 'index.ts'];
    const missing = PROTOCOL_NAMES.flatMap((protocol) => {
      const has = (name: string): boolean => existsSync(join(root, 'libs/protocols/src', protocol, name));
      // A protocol that has begun to be translated has all of it.
      const wanted = has('schema.ts') ? [...rooms, ...translated] : rooms;
      return wanted.filter((name) => !has(name)).map((name) => `libs/protocols/src/${protocol}: ${name} is missing`);
    });
    expect(missing).toEqual([]);
  });

  it('names no machine and no package registry', () => {
    const host = /https?:\/\/(registry|deb)\.[a-z]+\.(org|com)|\/work\/(main|shared)\b/;
    const judge = ({ lines }: TrackedFile): string[] =>
      lines.flatMap((line, index) => (host.test(line) ? [`${index + 1}: ${line.trim().slice(0, 80)}`] : []));
    expect(
      findings(
        files.filter(({ path }) => path !== 'tools/tidy/tidy.spec.ts'),
        judge,
      ),
    ).toEqual([]);
  });

  it('has well-formed and unique subjects', () => {
    const subjects = Object.values(ALL_CONTRACTS).flatMap((group) =>
      Object.values(group).map(({ subject }) => subject),
    );
    expect(new Set(subjects).size).toBe(subjects.length);
    expect(subjects.filter((subject) => !/^[a-z-]+\.v\d+\.[a-z-]+$/.test(subject))).toEqual([]);
  });

  it('opens a span of every name there is', () => {
    const opened = product.flatMap(({ text }) =>
      [...text.matchAll(/\bin(?:Linked)?Span\('([a-z-]+)'/g)].map(([, name]) => name),
    );
    expect(new Set(opened)).toEqual(new Set(SPAN_NAMES));
  });

  it('keeps vendor SDKs out of the product', () => {
    const judge = ({ text }: TrackedFile): string[] =>
      /from '(openai|@anthropic-ai\/sdk|@google\/genai)/.test(text) ? ['vendor SDKs are test clients only'] : [];
    expect(findings(product, judge)).toEqual([]);
  });
});
