// What `npm start` prints: a dozen lines, each of which works when pasted.

const OWN = /^BYTESPIKE_UPSTREAM_([A-Z]+)_(?:API_KEY|BASE_URL)$/;

/** What leaves this machine, and may be billed, is not to be taken for play. */
function whereRequestsGo(given, channels) {
  const vendors = Object.keys(given).flatMap((name) => (given[name] && OWN.exec(name)?.[1]) || []);
  const own = [...new Set(vendors), ...(channels ? [`the channels of ${channels}`] : [])];
  if (own.length === 0) return 'The vendors behind it are simulated; README says how to use real ones.';
  return `Yours, as you have set them: ${own.join(', ')}. All other vendors are simulated.`;
}

export function banner({ services, keys }, { notes, seconds, given, channels }) {
  const base = services.ingress;
  const key = keys.default;
  const body = '{"model":"claude-sonnet-4-6","max_tokens":64,"messages":[{"role":"user","content":"Hello"}]}';
  const sdk = `new (await import('@anthropic-ai/sdk')).default({baseURL:'${base}',apiKey:'${key}'})`;
  return [
    '',
    `ByteSpike is up after ${seconds.toFixed(1)} s. ${whereRequestsGo(given, channels)}`,
    ...notes,
    `  gateway      ${base}`,
    `  console API  ${services['console-api']}`,
    `  simulator    ${services['provider-sim']}`,
    `  demo key     ${key}   (others: .bytespike/running.json; logs: .bytespike/logs)`,
    '',
    `curl ${base}/v1/messages -H 'x-api-key: ${key}' -H 'anthropic-version: 2023-06-01' -H 'content-type: application/json' -d '${body}'`,
    `node --input-type=module -e "console.log((await ${sdk}.messages.create(${body.replaceAll('"', "'")})).content[0].text)"`,
    `ANTHROPIC_BASE_URL=${base} ANTHROPIC_API_KEY=${key} claude -p 'Hello'`,
    '',
    'Ctrl-C stops everything.',
  ].join('\n');
}
