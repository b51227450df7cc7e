import { RouteMethods } from './route-methods.js';

const methods = new RouteMethods();
methods.add('/accounts', ['POST']);
methods.add('/accounts/:id', ['PATCH']);
methods.add('/accounts/:id/caps', ['PUT']);
methods.add('/accounts/:id/caps', ['GET', 'HEAD']);

it.each([
  { path: '/accounts', of: ['POST'] },
  { path: '/accounts/acc_1', of: ['PATCH'] },
  { path: '/accounts/acc_1/caps', of: ['GET', 'HEAD', 'PUT'] },
  { path: '/accounts/', of: [] },
  { path: '/accounts/acc_1/cap', of: [] },
  { path: '/', of: [] },
])('$path has $of', ({ path, of }) => {
  expect(methods.of(path)).toEqual(of);
});
