/** A form's value: Stripe's API takes nested parameters as `line_items[0][price_data][currency]=usd`. */
export type FormValue = string | FormFields;
export interface FormFields {
  readonly [name: string]: FormValue;
}

type Open = { [name: string]: string | Open };

/** Reads a form with nested names; lists become objects of numbered fields. */
export const parseForm = (text: string): FormFields => {
  const root: Open = Object.create(null) as Open;
  for (const [path, value] of new URLSearchParams(text)) {
    const names = path.split(/[[\]]+/).filter((name) => name !== '');
    const last = names.pop();
    if (last === undefined) continue;
    let at = root;
    for (const name of names) {
      const next = at[name];
      at = typeof next === 'object' ? next : (at[name] = Object.create(null) as Open);
    }
    at[last] = value;
  }
  return root;
};

export const textField = (fields: FormFields, name: string): string | undefined => {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

export const fieldsOf = (fields: FormFields, name: string): FormFields => {
  const value = fields[name];
  return typeof value === 'object' ? value : {};
};

/** Metadata is flat text. */
export const metadataOf = (fields: FormFields): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(fieldsOf(fields, 'metadata')).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );
