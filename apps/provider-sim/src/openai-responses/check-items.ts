import type { Json } from '../openai/fields.js';
import { refuse } from '../openai/refuse.js';
import { decryptReasoning } from './encrypted-content.js';

/** Refuses a conversation whose items do not belong together, with the vendor's words for each way of it. */
export const checkItems = (items: readonly Json[]): void => {
  checkResults(items);
  checkReasoning(items);
};

const CALLS: Readonly<Record<string, string>> = {
  function_call: 'function call',
  custom_tool_call: 'custom tool call',
};
const RESULTS: Readonly<Record<string, string>> = {
  function_call_output: 'function_call',
  custom_tool_call_output: 'custom_tool_call',
};

/** Every call is answered and every answer was called for. */
export const checkResults = (items: readonly Json[]): void => {
  const open = new Map<string, string>();
  const seen = new Set<string>();
  for (const item of items) {
    const type = String(item['type']);
    const call = `${RESULTS[type] ?? type} ${String(item['call_id'])}`;
    if (type in CALLS) {
      open.set(call, `No tool output found for ${CALLS[type]} ${String(item['call_id'])}.`);
      seen.add(call);
    }
    if (!(type in RESULTS)) continue;
    if (!seen.has(call))
      refuse(`No tool call found for ${CALLS[String(RESULTS[type])]} output with call_id ${String(item['call_id'])}.`, {
        param: 'input',
      });
    open.delete(call);
  }
  for (const complaint of open.values()) refuse(complaint, { param: 'input' });
};

/** What the model itself produces: reasoning must lead to one of these. */
const PRODUCED = /_call$|^(message|reasoning|program|compaction)$/;

/** `fc_1<material>01`: the digit says whether the call came out of reasoning, the material whose. */
const REASONED_CALL = /^(?:fc|ctc)_1(\w{24})\d\d$/;

const checkReasoning = (items: readonly Json[]): void => {
  const reasoned = new Set<string>();
  for (const [index, item] of items.entries()) {
    if (item['type'] === 'reasoning') {
      const id = checkedReasoningId(item);
      reasoned.add(id.slice('rs_1'.length, 'rs_1'.length + 24));
      const next = items[index + 1];
      const leadsOn =
        next !== undefined &&
        PRODUCED.test(String(next['type'])) &&
        (next['type'] !== 'message' || next['role'] === 'assistant');
      if (!leadsOn)
        refuse(`Item '${id}' of type 'reasoning' was provided without its required following item.`, {
          param: 'input',
        });
      continue;
    }
    const material = REASONED_CALL.exec(String(item['id'] ?? ''))?.[1];
    if (material !== undefined && !reasoned.has(material))
      refuse(
        `Item '${String(item['id'])}' of type '${String(item['type'])}' was provided without its required 'reasoning' item: 'rs_1${material}00'.`,
        { param: 'input' },
      );
  }
};

const shortened = (content: string): string => `${content.slice(0, 4)}...${content.slice(-4)}`;

const checkedReasoningId = (item: Json): string => {
  const content = item['encrypted_content'];
  if (typeof content !== 'string') return String(item['id']);
  const opened = decryptReasoning(content);
  const refuseContent = (reason: string): never =>
    refuse(`The encrypted content ${shortened(content)} could not be verified. Reason: ${reason}`, {
      code: 'invalid_encrypted_content',
    });
  if (opened.type === 'unreadable') return refuseContent('Encrypted content could not be decrypted or parsed.');
  if (typeof item['id'] === 'string' && item['id'] !== opened.itemId)
    return refuseContent('Encrypted content item_id did not match the target item id.');
  return opened.itemId;
};
