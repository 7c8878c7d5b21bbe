// Asks a model and prints its answer as it comes: once, or again and again where ASK_EVERY says how many seconds lie between.
// Nothing here knows of Penstock. The SDK takes OPENAI_API_KEY, and OPENAI_BASE_URL where there is one, from the environment.
import OpenAI from 'openai';
import { setTimeout as wait } from 'node:timers/promises';

const model = process.env.MODEL ?? 'gpt-5-mini';
const question = process.env.QUESTION ?? 'Say in one sentence what a penstock is.';
const pause = Number(process.env.ASK_EVERY ?? 0) * 1000;
const client = new OpenAI();
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());

async function ask() {
  const stream = await client.chat.completions.create({
    model,
    messages: [{ role: 'user', content: question }],
    stream: true,
  });
  for await (const chunk of stream) {
    process.stdout.write(chunk.choices[0]?.delta?.content ?? '');
  }
  process.stdout.write('\n');
}

do {
  try {
    await ask();
  } catch (error) {
    console.error(`${new Date().toISOString()} ${error.status ?? 'no answer'}: ${error.message}`);
    if (!pause) process.exitCode = 1;
  }
  if (pause) await wait(pause, undefined, { signal: stop.signal }).catch(() => {});
} while (pause && !stop.signal.aborted);
