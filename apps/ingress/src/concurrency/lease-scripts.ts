/** The one place that names an account's leases: a sorted set of request ids, each with the moment at which it lapses. */
export const leasesOf = (accountId: string): string => `concurrency:${accountId}`;

/** Every process goes by the clock of Redis, so that none with a fast clock of its own drops the leases of others. */
const NOW = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
`;

/** KEYS: an account's leases. ARGV: how long a lease lasts in milliseconds, the limit, a request id. Answers 1 or 0. */
export const TAKE = `${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
`;

/** KEYS: an account's leases. ARGV: how long a lease lasts in milliseconds, then request ids. */
export const RENEW = `${NOW}
for at = 2, #ARGV do redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[at]) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return #ARGV - 1
`;
