/** A file of Google's, wherever its address says it is. */
const FILE = /\/files\/([\w-]{1,100})(?::download|[?/]|$)/;

/**
 * The path of a file at the channel's own address: its download needs the credential, and a credential goes nowhere
 * but to its own host, whatever address an answer names.
 */
export function googleFilePath(uri: string): string | undefined {
  const [, name] = FILE.exec(uri) ?? [];
  return name === undefined ? undefined : `/v1beta/files/${name}:download?alt=media`;
}
