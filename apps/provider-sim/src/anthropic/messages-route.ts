import type { Answer } from '../brain/answer.js';
import { compose } from '../brain/compose.js';
import { lastUserText } from '../brain/exchange.js';
import { splitModel } from '../faults/fault-marks.js';
import type { Subject } from '../wire/subject.js';
import type { Call, Reply } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import { rememberSeals } from './check-thinking.js';
import { prefixOf } from './history.js';
import type { MessagesRequest, WireBlock } from './messages-request.js';
import type { Persona } from './persona.js';
import type { RenderedBlock } from './render-blocks.js';
import { renderBlocks } from './render-blocks.js';
import { renderBody, renderStream } from './render-message.js';
import { holdThread, resumeThread } from './threads.js';
import { toConversation } from './to-conversation.js';
import { segmentsOf } from './usage.js';

/** `POST /v1/messages` as one persona answers it. */
export const messagesRoute = (persona: Persona) => {
  return (call: Call): Reply => {
    const body = call.json();
    persona.checkShape(body, call);
    const written = body as MessagesRequest;
    const asked = persona.threads === 'held' ? resumeThread(written, call) : written;
    const { name } = splitModel(asked.model);
    const model = persona.servedModel(name);
    const named: MessagesRequest = { ...asked, model: model ?? name };
    const request = persona.understood(named);
    const conversation = toConversation(request, {
      vendor: persona.vendor,
      model: named.model,
      images: persona.images,
    });
    const subject = { model: asked.model, prompt: lastUserText(conversation) };
    refusingAbout(subject, () => {
      if (model === undefined) throw new Refusal(persona.unknownModel(name));
      persona.check(named, call);
    });
    const inputUsage = persona.inputUsage(segmentsOf(request), call, request.model);
    const answer = compose(conversation);
    const display = request.thinking?.display === 'omitted' ? 'omitted' : 'shown';
    const binding = {
      vendor: persona.vendor,
      model: request.model,
      prefix: bindsThinking(answer) ? prefixOf(request) : '',
    };
    const blocks = renderBlocks(answer, { persona, binding, display });
    if (persona.seal === 'signed' && bindsThinking(answer)) keepSeals(answer, blocks, call);
    const message = { persona, answer, model: request.model, blocks, inputUsage };
    const headers = persona.headers(call);
    const accept = (): void => {
      const content = blocks.map(({ whole }) => whole as WireBlock & typeof whole);
      if (persona.threads === 'held' && asked.thread)
        holdThread(asked, { id: persona.messageId(answer.id), content }, call);
    };
    if (request.stream) {
      const streaming = { ...headers, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };
      return { type: 'stream', status: 200, headers: streaming, frames: renderStream(message), subject, accept };
    }
    return {
      type: 'json',
      status: 200,
      headers: { ...headers, 'content-type': 'application/json' },
      body: renderBody(message),
      subject,
      accept,
    };
  };
};

/** A refusal raised inside carries what faults are looked up by, so that an injected fault still comes first. */
const refusingAbout = (subject: Subject, check: () => void): void => {
  try {
    check();
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(error.failure, subject) : error;
  }
};

const bindsThinking = (answer: Answer): boolean => answer.parts.some((part) => part.type === 'thinking');

/** Remembers what was sealed: which seals stand before a turn's calls, and the text of thinking that was not shown. */
const keepSeals = (answer: Answer, blocks: readonly RenderedBlock[], { memory }: Call): void => {
  const field = (block: RenderedBlock, key: string): readonly string[] =>
    typeof block.whole[key] === 'string' ? [block.whole[key]] : [];
  const callIds = blocks.flatMap((block) => (block.whole.type === 'tool_use' ? field(block, 'id') : []));
  const seals = blocks.flatMap((block) => [...field(block, 'signature'), ...field(block, 'data')]);
  rememberSeals(memory, callIds, seals);
  const thoughts = answer.parts.flatMap((part) =>
    part.type === 'thinking' && part.visibility === 'visible' ? [part.text] : [],
  );
  const hidden = blocks.filter((block) => block.whole.thinking === '').flatMap((block) => field(block, 'signature'));
  for (const [index, seal] of hidden.entries()) memory.objects.set(`hidden ${seal}`, thoughts[index]);
};
