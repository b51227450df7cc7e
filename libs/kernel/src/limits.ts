/** Everything has a limit (law 10). Units are last in each name; the reason stands beside each number. */
const KIB = 1024;
const MIB = 1024 * KIB;

export const LIMITS = {
  /** Contract 0.1: text bodies. The longest agent turns seen are 115 kB; images inline need the rest. */
  textBodyBytesMax: 32 * MIB,
  /** Contract 0.1: image edits as a form, which is streamed into the object store. */
  imageFormBytesMax: 200 * MIB,
  /** The sixteen pictures that the best vendor takes, and a mask. */
  formFilesMax: 17,
  /** Twice what the images API knows. */
  formFieldsMax: 32,
  /** Forms of one account at once in one process: 4 GiB of a store that is everybody's, before anything of them is paid for. */
  formsPerAccountMax: 20,
  /** The longest prompt is 32,000 characters, and a character has up to four bytes. */
  formFieldBytesMax: 128 * KIB,
  /** How long a form may be on its way: 200 MiB at 350 kB/s. */
  uploadTimeoutMs: 600_000,
  /** Contract 10: pictures of one answer; longer is for tasks, since idle connections are cut on the way. */
  picturesTimeoutMs: 30_000,
  /** Contract 0.1. Deeper nesting is an attack on recursive readers, not a request. */
  jsonDepthMax: 512,
  /** Values in the lists and objects of a body that is translated, ten for each message: each is an object in memory, several times. */
  jsonValuesMax: 1_000_000,
  /** Contract 0.1; Anthropic's own limit. */
  messagesMax: 100_000,
  /** Contract 0.1: bodies of the tasks API; small pictures inline fit. */
  taskBodyBytesMax: 1 * MIB,
  /** Tasks of one account that have not ended: twice what one worker on two cores is proven to look after. */
  openTasksPerAccountMax: 10_000,
  /** Clients of one process that listen to tasks: half of all requests it takes. */
  taskListenersMax: 10_000,
  /** The same of one key: twice what a dashboard of a thousand renders needs, and never all there is. */
  taskListenersPerKeyMax: 2_000,
  /** All header lines together. Codex sends 1 kB of turn metadata; 32 KiB leaves room. */
  headerBytesMax: 32 * KIB,
  /** Vendor error bodies are kept up to here; the rest is cut. */
  vendorErrorBytesMax: 256 * KIB,
  /** A vendor's whole body larger than this is a fault; so is a stream of which its translation would hold more. */
  vendorBodyBytesMax: 64 * MIB,
  /** One SSE record; a vendor that sends a longer one is broken. Images arrive in one record at Gemini. */
  sseRecordBytesMax: 32 * MIB,
  /** What a stalled reader may make its writer hold, per stream. */
  streamWindowBytes: 256 * KIB,
  /** Calls to targets in one request, raw and translated together (architecture, section 3). */
  attemptsMax: 3,
  /** Silence after which response headers go out and keep-alives begin. */
  firstKeepAliveMs: 15_000,
  keepAliveEveryMs: 15_000,
  /** Calls that one answer may take of a vendor which pauses; each costs its whole prompt again (protocols 2.9). */
  answerRoundsMax: 4,
  /** Searches by its vendor that a request is held for which offers one without a bound; Anthropic's examples bound it so. */
  searchCallsUsual: 5,
  /** Upstream: TCP and TLS. */
  connectTimeoutMs: 10_000,
  /** Upstream: from request sent to first content. Thinking models are slow starters. */
  firstContentTimeoutMs: 600_000,
  /** Upstream: longest silence between two bytes of a stream that has begun. */
  stallTimeoutMs: 120_000,
  /** Upstream: how often a stream is looked at for having ended. One that goes on at the next look is closed. */
  afterEndMs: 15_000,
  /** A whole request. */
  requestDeadlineMs: 3_600_000,
  /** How long a client may take to send its body. */
  bodyReadTimeoutMs: 60_000,
  /** A stored response with what it was asked, in bytes of JSON; a larger one is answered and not kept. */
  storedResponseBytesMax: 16 * MIB,
  /** Turns that `previous_response_id` may reach back. The longest agent sessions seen have a few hundred. */
  storedChainLengthMax: 1_000,
  /** Contract 0.6 and its section 18: what was said is kept no longer. */
  storedResponseDays: 30,
  /** An answer kept for repeats of its request, in bytes as sent; a larger one is given once. The longest text is a tenth. */
  keptAnswerBytesMax: 16 * MIB,
  /** Contract 0.5: how long a repeat finds the answer. */
  keptAnswerHours: 24,
  /** Keys of one account that are not revoked. A large organisation with one for each member and pipeline needs a tenth. */
  accountKeysMax: 10_000,
  /** Contract 0.7, as most senders of webhooks: a receiver answers first and works afterwards. */
  callbackAnswerMs: 10_000,
  /** Callbacks of one account under way at once in one worker: one receiver that answers nothing leaves room for all others. */
  callbacksAtOncePerAccount: 4,
  /** How often one message is sent at most, resends included: nobody's address is called by us without end. */
  callbackSendsMax: 100,
  /** Contract 0.7: how long a secret that was replaced signs beside its successor, and how many may do so at once. */
  callbackSecretOverlapHours: 24,
  callbackSecretsMax: 4,
  /** How long a rendered or uploaded file is kept: a month to fetch it, as stored responses. */
  assetDays: 30,
  /** How long a task that has ended is kept, with its callbacks: a quarter, as far as a bill may be asked about. */
  endedTaskDays: 90,
  /** A film that is copied from its vendor: 4k at its longest is a quarter of this. */
  filmBytesMax: 1024 * MIB,
  /** A picture that is copied from its vendor: 4096 by 4096 without compression. */
  pictureBytesMax: 64 * MIB,
  /** Pictures that come inside answers, all that one process draws at once: 256 of 1024 by 1024, 16 of 4096 by 4096. */
  picturesUnderWayBytesMax: 1024 * MIB,
  /** A picture that goes along with a request: the largest that any vendor takes (media-ledger-reliability 1.5). */
  inputImageBytesMax: 50 * MIB,
  /** How long a picture at a customer's address may take to come. */
  inputFetchMs: 20_000,
  /** How long the copy of a film may take: a gigabyte at a slow vendor's two megabytes a second. */
  assetCopyMs: 600_000,
  /** How long a vendor may take to say how a render does. A caller waits a little longer (`media.ask`). */
  renderAnswerMs: 20_000,
} as const;
