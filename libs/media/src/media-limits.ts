/** Everything has a limit (law 10). Units are last in each name; the reason stands beside each number. */
const KIB = 1024;
const MIB = 1024 * KIB;

/** The most that a wish and its answer may hold, whichever model it is for. */
export const MEDIA_LIMITS = {
  /** The longest prompt that any of the vendors takes (gpt-image). */
  promptCharactersMax: 32_000,
  /** A prompt as a vendor has written it anew, which stays within twice 4,000; ten of them still fit a message of the bus. */
  revisedPromptCharactersMax: 8_000,
  /** An address of an input; longer ones are data in disguise. */
  addressCharactersMax: 4_096,
  /** One input image inside JSON, as base64: the largest file a vendor takes (50 MB) fits. */
  inlineCharactersMax: 70 * MIB,
  /** A vendor's answer about a render: ids, words and addresses. */
  statusBytesMax: 1 * MIB,
  /** The same where the film may be inside it; a vendor gives an address above some 4 MB. */
  inlineStatusBytesMax: 16 * MIB,
  /** A page of a vendor's list of renders. */
  listBytesMax: 4 * MIB,
  /** Renders asked for in one question, where a vendor takes several. */
  rendersPerQuestionMax: 50,
  /** Entries read of a vendor's list when a lost submit is looked up. */
  lookedThroughMax: 100,
} as const;
