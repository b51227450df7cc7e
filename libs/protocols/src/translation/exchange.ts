import { GatewayError, parseJson, tryParseJson, type ProtocolName } from '@bytespike/kernel';
import { foldStream, unfoldResponse, type GenerateRequest, type Loss, type StreamEvent } from '@bytespike/ir';

import { lookUp } from '../look-up.js';
import { clientPaths } from '../losses.js';
import { createSseSplitter, readSseRecord } from '../sse.js';
import { clientCallIds, vendorCallIds } from './call-ids.js';
import { openCapsules, sealEvent, type CapsuleSigner } from './capsules.js';
import { conversationLosses } from './conversation.js';
import { renameRequest, restoreToolName, type Renaming } from './rename.js';
import { toolNames } from './tool-names.js';
import type { Translatable } from './translatable.js';
import { translatableProtocol } from './translations.js';

export interface ExchangeOptions {
  readonly client: ProtocolName;
  readonly target: ProtocolName;
  readonly vendor: string;
  /** The vendor's name of the model. */
  readonly upstreamModel: string;
  /** The catalogue's id of it, which answers name. */
  readonly model: string;
  /** The catalogue's limit of its answers. */
  readonly maxOutputTokens: number;
  readonly stream: boolean;
  /** What the client sent, lower-cased. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signer: CapsuleSigner;
  /** Epoch seconds, for clients whose dialect dates an answer that its vendor did not. */
  readonly createdAt: number;
}

/** A piece of translated stream: what may be sent on, and how the stream failed if it did. */
export interface TranslatedPiece {
  readonly text: string;
  readonly failure?: GatewayError;
}

export interface TranslatedStream {
  push(bytes: Uint8Array): TranslatedPiece;
  /** What is owed after a clean end. A stream without its terminator fails here and is given none. */
  end(): TranslatedPiece;
}

/** One request on its way to a vendor in another dialect, and what its answer needs to come back. */
export interface Exchange {
  /** The vendor's request body. */
  readonly body: string;
  /** What the request lost, in the words of the client's own body. */
  readonly losses: readonly Loss[];
  /** A whole answer in the client's dialect. Throws `upstream-garbled`. */
  answer(body: string): { readonly body: string; readonly losses: readonly Loss[] };
  stream(): TranslatedStream;
}

/** Reads a client's body and writes the vendor's. Throws `invalid-request`, or `unsupported` for a missing protocol. */
export function openExchange(body: string, options: ExchangeOptions): Exchange {
  const client = translatableProtocol(options.client);
  const target = translatableProtocol(options.target);
  const asked: GenerateRequest = { ...client.readRequest(parseJson(body)), stream: options.stream };
  const opened = openCapsules(asked, options.signer);
  const tools = toolNames(opened.request, target.names.tool);
  const calls = vendorCallIds(opened.request, target.names.call);
  const renamed = renameRequest(opened.request, { tools, calls });
  const { wire, losses } = target.writeRequest({ ...renamed, model: options.upstreamModel }, options);
  const inClientsWords = clientPaths(client, asked);
  const all = [...conversationLosses(asked), ...opened.losses, ...foreignLosses(asked, client, options), ...losses];
  const way = { client, target, asked, tools, options };
  return {
    body: JSON.stringify(wire),
    losses: all.map((loss) => ({ ...loss, path: inClientsWords(loss.path) })),
    answer: (answer) => translateAnswer(answer, way),
    stream: () => translateStream(way),
  };
}

/** Fields and headers that only the client's own protocol understands. */
function foreignLosses(asked: GenerateRequest, client: Translatable, { target, headers }: ExchangeOptions): Loss[] {
  if (target === client.name) return [];
  const fields = Object.keys(asked.extensions?.[client.name] ?? {});
  return [
    ...fields.map((field) => ({
      code: lookUp(client.foreignFields, field) ?? ('L87' as const),
      path: `extensions.${field}`,
      effect: 'dropped' as const,
    })),
    ...client.featureHeaders
      .filter((name) => headers[name])
      .map((name) => ({ code: 'L85', path: name, effect: 'dropped' }) as const),
  ];
}

/** What the way back needs to know of the way there. */
interface Way {
  readonly client: Translatable;
  readonly target: Translatable;
  readonly asked: GenerateRequest;
  readonly tools: Renaming;
  readonly options: ExchangeOptions;
}

/** An answer's event as its client may see it: its own tool names, ids it accepts, no foreign state in the open. */
function clientEvents({ client, asked, tools, options }: Way): (event: StreamEvent) => StreamEvent {
  const { vendor, signer, model, createdAt } = options;
  const withIds = clientCallIds(asked, client.names.call);
  return (event) => {
    if (event.type === 'response-start') return { createdAt, ...event, model };
    return sealEvent(withIds(restoreToolName(event, tools)), { client: client.name, vendor, signer });
  };
}

function translateAnswer(body: string, way: Way): ReturnType<Exchange['answer']> {
  const ir = way.target.readAnswer(tryParseJson(body), way.options);
  const { wire, losses } = way.client.writeAnswer(foldStream(unfoldResponse(ir).map(clientEvents(way))), way.asked);
  return { body: JSON.stringify(wire), losses };
}

function translateStream(way: Way): TranslatedStream {
  const splitter = createSseSplitter();
  const decoder = way.target.openDecoder(way.options);
  const encoder = way.client.openEncoder(way.asked);
  const toClient = clientEvents(way);
  const quiet = way.client.usageOnRequest && way.asked.streamUsage !== true;
  let ended = false;

  const write = (events: readonly StreamEvent[]): TranslatedPiece => {
    let text = '';
    for (const event of events) {
      if (event.type === 'error') {
        ended = true;
        return { text, failure: new GatewayError(event.kind, event.message) };
      }
      if (quiet && event.type === 'usage') continue;
      text += encoder.push(toClient(event));
      if (event.type === 'response-end') ended = true;
    }
    return { text };
  };

  return {
    push(bytes) {
      let text = '';
      let failure: GatewayError | undefined;
      const read = (record: Uint8Array): void => {
        if (ended) return;
        const piece = write(decoder.push(readSseRecord(record)));
        text += piece.text;
        failure = piece.failure;
      };
      try {
        splitter.push(bytes, read);
      } catch (thrown) {
        ended = true;
        failure = GatewayError.from(thrown);
      }
      return { text, ...(failure && { failure }) };
    },
    end: () => (ended ? { text: '' } : write(decoder.end())),
  };
}
