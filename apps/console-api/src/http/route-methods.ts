/** Which methods each address has, as its routes are declared; `:name` in a template is one segment of a path. */
export class RouteMethods {
  private readonly routes: { readonly template: readonly string[]; readonly methods: readonly string[] }[] = [];

  add(template: string, methods: readonly string[]): void {
    this.routes.push({ template: template.split('/'), methods });
  }

  /** The methods that a path can be asked with; none for a path that nobody has declared. */
  of(path: string): readonly string[] {
    const segments = path.split('/');
    const matching = this.routes.filter(
      ({ template }) =>
        template.length === segments.length &&
        template.every((part, index) => part === segments[index] || (part.startsWith(':') && segments[index] !== '')),
    );
    return [...new Set(matching.flatMap(({ methods }) => methods))].sort();
  }
}
