// An application that uses the vendors' SDKs as they come, and knows nothing of Penstock but its address.
// Makes a call for every line of its standard input, {"api", "how", "baseUrl"}, and prints what came of it, a line of JSON each.
import * as anthropic from '@anthropic-ai/sdk';
import * as openai from 'openai';
import { createInterface } from 'node:readline';

const MESSAGES = [{ role: 'user', content: 'Is the gate open?' }];
const PATIENCE = { timeout: 30_000 };

/** How each API is called, and where it has its text and its reason to stop. */
const APIS = {
  chat: {
    sdk: openai,
    client: (baseURL) => new openai.OpenAI({ apiKey: 'sk-test', baseURL, ...PATIENCE }),
    question: { model: 'gpt-5', messages: MESSAGES },
    resource: (client) => client.chat.completions,
    final: (stream) => stream.finalChatCompletion(),
    whole: (answer) => ({ text: answer.choices[0].message.content, stop: answer.choices[0].finish_reason }),
    part: (chunk) => ({ text: chunk.choices[0]?.delta.content, stop: chunk.choices[0]?.finish_reason }),
  },
  responses: {
    sdk: openai,
    client: (baseURL) => new openai.OpenAI({ apiKey: 'sk-test', baseURL, ...PATIENCE }),
    question: { model: 'gpt-5', input: 'Is the gate open?' },
    resource: (client) => client.responses,
    final: (stream) => stream.finalResponse(),
    whole: (answer) => ({ text: answer.output_text, stop: answer.status }),
    part: (event) => ({
      text: event.type === 'response.output_text.delta' ? event.delta : undefined,
      stop: /^response\.(completed|failed|incomplete)$/.test(event.type) ? event.response.status : undefined,
    }),
  },
  messages: {
    sdk: anthropic,
    client: (baseURL) => new anthropic.Anthropic({ apiKey: 'sk-ant-test', baseURL, ...PATIENCE }),
    question: { model: 'claude-sonnet-4-5', max_tokens: 100, messages: MESSAGES },
    resource: (client) => client.messages,
    final: (stream) => stream.finalMessage(),
    whole: (answer) => ({ text: answer.content.map((block) => block.text).join(''), stop: answer.stop_reason }),
    part: (event) => ({
      text: event.type === 'content_block_delta' ? event.delta.text : undefined,
      stop: event.type === 'message_delta' ? event.delta.stop_reason : undefined,
    }),
  },
};

/** Four ways to the same answer. Each fills in what it gets as it gets it, so that half an answer is seen as such. */
const WAYS = {
  blocking: async (api, resource, got) => Object.assign(got, api.whole(await resource.create(api.question))),
  events: async (api, resource, got) => read(api, await resource.create({ ...api.question, stream: true }), got),
  helper: async (api, resource, got) => read(api, resource.stream(api.question), got),
  final: async (api, resource, got) => Object.assign(got, api.whole(await api.final(resource.stream(api.question)))),
};

async function read(api, stream, got) {
  for await (const event of stream) {
    const { text, stop } = api.part(event);
    got.text += text ?? '';
    got.stop = stop ?? got.stop;
  }
}

async function call({ api: name, how, baseUrl }) {
  const api = APIS[name];
  const got = { text: '', stop: null };
  try {
    await WAYS[how](api, api.resource(api.client(baseUrl)), got);
    return { ...got, error: null };
  } catch (e) {
    return { ...got, error: described(api.sdk, e) };
  }
}

function described(sdk, e) {
  return {
    // Every public exception type of the SDK that a catch block could ask for.
    is: Object.keys(sdk).filter((name) => sdk[name]?.prototype instanceof Error && e instanceof sdk[name]),
    name: e.constructor.name,
    message: e.message,
    status: e.status ?? null,
    code: e.code ?? null,
    type: e.type ?? null,
    shouldRetry: e.headers?.get('x-should-retry') ?? null,
    category: e.headers?.get('x-penstock-category') ?? null,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await call(JSON.parse(line))));
}
