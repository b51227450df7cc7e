/** A picture that goes along with a request, in the object store. */
export interface InputFile {
  readonly name: string;
  readonly bytes: number;
  readonly mediaType: string;
}
