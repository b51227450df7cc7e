/** How TypeScript becomes JavaScript, in bundles and in tests alike: with the metadata of constructors, which Nest's injection reads. */
export const swcOptions = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
  module: { type: 'es6' },
};
