import { seedCatalogue, simulatorBaseAddresses } from '@bytespike/catalog';

import { assertCaps, type AccountCap } from './account-cap.js';

const catalogue = seedCatalogue(simulatorBaseAddresses('http://127.0.0.1:8090'));
const cap = (subject: string, span: AccountCap['span'] = '1d'): AccountCap => ({ subject, span, amount: 1n });
const check =
  (caps: readonly AccountCap[], kind = 'organisation') =>
  () =>
    assertCaps(caps, { kind, catalogue });

describe('caps of an account', () => {
  it('are of all of it, of a member, or of a model of the catalogue', () => {
    const caps = [cap('account'), cap('account', 'life'), cap('member:m_1'), cap('model:claude-opus-4-8', '7d')];
    expect(check(caps)).not.toThrow();
    expect(check([cap('account'), cap('model:gpt-5-4')], 'individual')).not.toThrow();
  });

  it.each([
    { name: 'an unknown sort of subject', caps: [cap('key:k_1')], says: '"key:k_1" is not "account"' },
    { name: 'a subject without an id', caps: [cap('member:')], says: '"member:" is not "account"' },
    { name: 'a member that no key could have', caps: [cap('member:a b')], says: 'is no id of a member' },
    { name: 'a member of an individual', kind: 'individual', caps: [cap('member:m')], says: 'only an organisation' },
    { name: 'an unknown model', caps: [cap('model:gpt-nought')], says: 'is no model of the catalogue' },
    { name: 'another name of a model', caps: [cap('model:claude-opus-5-5')], says: 'its id is claude-opus-4-8' },
    { name: 'one cap twice', caps: [cap('account'), cap('account')], says: 'is capped twice for 1d' },
  ])('are not $name', ({ caps, kind, says }) => {
    expect(check(caps, kind)).toThrow(
      expect.objectContaining({ kind: 'invalid-request', message: expect.stringContaining(says) }),
    );
  });
});
