import type { Environment } from '@bytespike/config';
import { REAL_BASE_ADDRESSES } from '@bytespike/catalog';

import { readUpstreamOverrides } from './upstream-overrides.js';

const read = (environment: Environment) => readUpstreamOverrides(environment, [8080, 8081]);

describe('readUpstreamOverrides', () => {
  it('sends a vendor to the real thing when its key is given', () => {
    expect(read({ BYTESPIKE_UPSTREAM_ANTHROPIC_API_KEY: 'sk-ant-1' })).toEqual([
      { vendor: 'anthropic', apiKey: 'sk-ant-1', address: REAL_BASE_ADDRESSES.anthropic },
    ]);
  });

  it('takes an address of the operator, without its trailing slash', () => {
    expect(read({ BYTESPIKE_UPSTREAM_OPENAI_BASE_URL: 'https://proxy.example/openai/' })).toEqual([
      { vendor: 'openai', apiKey: undefined, address: 'https://proxy.example/openai' },
    ]);
  });

  it("never reads the clients' own variables", () => {
    expect(
      read({ ANTHROPIC_API_KEY: 'sk-ant-1', ANTHROPIC_BASE_URL: 'http://127.0.0.1:8080', OPENAI_API_KEY: 'sk' }),
    ).toEqual([]);
  });

  it.each([
    { name: 'our own key', environment: { BYTESPIKE_UPSTREAM_OPENAI_API_KEY: 'sk-byts-abc' } },
    { name: 'our own management key', environment: { BYTESPIKE_UPSTREAM_OPENAI_API_KEY: 'sk-mgmt-byts-abc' } },
    { name: "an operator's token", environment: { BYTESPIKE_UPSTREAM_OPENAI_API_KEY: 'op-byts-abc' } },
    {
      name: "console-api's address",
      environment: { BYTESPIKE_UPSTREAM_OPENAI_BASE_URL: 'http://127.0.0.1:8081' },
    },
    { name: 'our own address', environment: { BYTESPIKE_UPSTREAM_OPENAI_BASE_URL: 'http://localhost:8080/v1' } },
    {
      name: 'our own address on another loopback',
      environment: { BYTESPIKE_UPSTREAM_OPENAI_BASE_URL: 'http://127.0.0.2:8080' },
    },
    {
      name: 'our own address as IPv6 writes IPv4',
      environment: { BYTESPIKE_UPSTREAM_OPENAI_BASE_URL: 'http://[::ffff:127.0.0.1]:8080' },
    },
    { name: 'an address that is none', environment: { BYTESPIKE_UPSTREAM_OPENAI_BASE_URL: 'somewhere' } },
  ])('refuses $name', ({ environment }) => {
    expect(() => read(environment)).toThrow(/^BYTESPIKE_UPSTREAM_OPENAI_/);
  });

  it('refuses a name that no vendor has, instead of leaving that vendor simulated', () => {
    expect(() => read({ BYTESPIKE_UPSTREAM_ANTROPIC_API_KEY: 'sk-ant-1' })).toThrow(
      /^BYTESPIKE_UPSTREAM_ANTROPIC_API_KEY names no vendor/,
    );
  });
});
