import { contentTypeOf } from './response-head.js';

describe('contentTypeOf', () => {
  it.each([
    ['events', 'text/event-stream; charset=utf-8', 'text/event-stream; charset=utf-8'],
    ['json', 'application/json;charset=UTF-8', 'application/json;charset=UTF-8'],
    ['json', undefined, 'application/json'],
    ['json', 'text/html; x=json', 'application/json'],
    ['json', 'application/jsonp', 'application/json'],
    ['json', `application/json; x=${'a'.repeat(50_000)}`, 'application/json'],
    ['events', 'text/event-stream, text/html', 'text/event-stream'],
  ] as const)('of %s is never a page: %s', (form, named, said) => {
    expect(contentTypeOf({ headers: named === undefined ? {} : { 'content-type': named } }, form)).toBe(said);
  });
});
