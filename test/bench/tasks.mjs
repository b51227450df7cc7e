// `npm run bench -- --tasks`: how many renders one worker has under way. Thousands are submitted at a steady rate and held open
// by their vendor; how late any of them is asked about is read from the rows themselves. Then all end at once, before a
// thousand listeners.
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';
import { Agent, fetch } from 'undici';

import { measureTrees } from './processes.mjs';
import { summary } from './quantiles.mjs';

const TASKS = 5_000;
const PER_SECOND = 200;
const LISTENERS = 1_000;
const LATE_MS_MAX = 2_000;
const LOOK_EVERY_MS = 250;
/** Everybody is asked about several times meanwhile. */
const WATCH_SECONDS = 90;
const END_MS_MAX = 300_000;
const GATE = 'bench';
/** Whose vendor says, for a whole page of them at once, how they do; and one whose vendor must be asked for each. */
const MODELS = ['seedance-fast', 'sora-2'];

const OPEN = `state NOT IN ('completed', 'failed', 'cancelled')`;

export async function benchTasks(target, { seconds = WATCH_SECONDS, tasks = TASKS } = {}) {
  const agent = new Agent({ connections: 256, bodyTimeout: END_MS_MAX });
  const listening = new Agent({ connections: LISTENERS, bodyTimeout: END_MS_MAX });
  const pool = new pg.Pool({ connectionString: target.urls().database, max: 2 });
  try {
    const submits = await submitAll(target, agent, tasks);
    process.stderr.write(
      `${submits.ids.length} taken in ${submits.seconds.toFixed(1)} s, ${submits.refused} refused\n`,
    );
    const taken = Date.now();
    const listeners = listen(target, listening, submits.ids.slice(0, LISTENERS));
    await untilRunning(pool);
    process.stderr.write(`all at their vendors ${((Date.now() - taken) / 1_000).toFixed(1)} s later\n`);
    const before = { ...measureTrees(target.pids()), at: performance.now() };
    const lateness = await watchLateness(pool, seconds * 1_000);
    const cpuSeconds = measureTrees(target.pids()).cpuSeconds - before.cpuSeconds;
    const cpusBusy = cpuSeconds / ((performance.now() - before.at) / 1_000);
    const asked = await pollsOf(pool);
    const released = Date.now();
    await fetch(`${target.simulator}/_sim/release`, { method: 'POST', body: JSON.stringify({ hold: GATE }) });
    const heard = await listeners;
    await untilEnded(pool);
    const { renders } = await (await fetch(`${target.simulator}/_sim/stats`)).json();
    return {
      tasks: submits.ids.length,
      refused: submits.refused,
      submitMs: summary(submits.latencies),
      submitsPerSecond: submits.ids.length / submits.seconds,
      asked,
      lateMs: { ...summary(lateness), most: Math.max(...lateness) },
      cpusBusy,
      listeners: heard.length,
      deaf: heard.filter((at) => at === undefined).length,
      allHeardAfterMs: Math.max(...heard.map((at) => (at ?? Infinity) - released)),
      allEndedAfterMs: Date.now() - released,
      takenAgain: renders.takenAgain,
      states: await statesOf(pool),
      isGood: submits.refused === 0 && Math.max(...lateness) <= LATE_MS_MAX && renders.takenAgain === 0,
    };
  } finally {
    await Promise.all([agent.destroy(), listening.destroy(), pool.end()]);
  }
}

const headers = (target) => ({ authorization: `Bearer ${target.keys.default}`, 'content-type': 'application/json' });

/** Submits leave on time whether or not earlier ones have been answered: queueing shows as latency. */
async function submitAll(target, dispatcher, tasks) {
  const began = performance.now();
  const result = { ids: [], latencies: [], refused: 0 };
  const submit = async (index) => {
    const sent = performance.now();
    const body = JSON.stringify({
      model: MODELS[index % MODELS.length],
      params: { prompt: `[[fault: render-hold=${GATE}]] film ${index}`, duration_seconds: 1 },
    });
    const options = { method: 'POST', headers: headers(target), body, dispatcher };
    const answer = await fetch(`${target.origin}/v1/tasks/submit`, options).catch(() => undefined);
    const { task_id: id } = answer?.status === 200 ? await answer.json() : {};
    if (id === undefined) result.refused += 1;
    else result.ids.push(id);
    result.latencies.push(performance.now() - sent);
  };
  const waiting = [];
  for (let index = 0; index < tasks; index += 1) {
    const wait = began + (index * 1_000) / PER_SECOND - performance.now();
    if (wait > 0) await sleep(wait);
    waiting.push(submit(index));
  }
  await Promise.all(waiting);
  return { ...result, seconds: (performance.now() - began) / 1_000 };
}

/** For each task, when its listener heard that it has ended; undefined for one that heard nothing. */
function listen(target, dispatcher, ids) {
  const hear = async (id) => {
    const answer = await fetch(`${target.origin}/v1/tasks/stream/${id}`, { headers: headers(target), dispatcher });
    let text = '';
    for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
      text += piece;
      if (text.includes('"status":"completed"')) return Date.now();
    }
    return undefined;
  };
  return Promise.all(ids.map((id) => hear(id).catch(() => undefined)));
}

async function statesOf(pool) {
  const { rows } = await pool.query('SELECT state, count(*)::int FROM tasks.task GROUP BY state');
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

const untilNone = async (pool, condition, limitMs) => {
  const end = Date.now() + limitMs;
  while ((await pool.query(`SELECT 1 FROM tasks.task WHERE ${condition} LIMIT 1`)).rows.length > 0) {
    if (Date.now() > end) throw new Error(`after ${limitMs} ms: ${JSON.stringify(await statesOf(pool))}`);
    await sleep(500);
  }
};

const untilRunning = (pool) => untilNone(pool, `${OPEN} AND state <> 'running'`, 120_000);
const untilEnded = (pool) => untilNone(pool, OPEN, END_MS_MAX);

/** Looks again and again by how much the most overdue task is overdue. */
async function watchLateness(pool, forMs) {
  const lateness = [];
  const end = Date.now() + forMs;
  const mostOverdue = `SELECT coalesce(max(extract(epoch FROM now() - next_action_at)), 0)::float8 * 1000 AS late
    FROM tasks.task WHERE state = 'running' AND (lease_until IS NULL OR lease_until < now())`;
  while (Date.now() < end) {
    lateness.push(Math.max(0, (await pool.query(mostOverdue)).rows[0].late));
    await sleep(LOOK_EVERY_MS);
  }
  return lateness;
}

/** How often tasks were asked about. */
async function pollsOf(pool) {
  const { rows } = await pool.query('SELECT min(polls), max(polls), sum(polls)::int FROM tasks.task');
  return { least: rows[0].min, most: rows[0].max, all: rows[0].sum };
}

export function tasksReport(result) {
  const ms = (value) => `${Math.round(value)} ms`;
  return [
    `${result.tasks} tasks taken at ${result.submitsPerSecond.toFixed(0)}/s, ${result.refused} refused; p50 ${ms(result.submitMs.p50)}, p99 ${ms(result.submitMs.p99)}`,
    `asked about ${result.asked.all} times (${result.asked.least} to ${result.asked.most} each), at most ${ms(result.lateMs.most)} late (p99 ${ms(result.lateMs.p99)}, wanted: ${ms(LATE_MS_MAX)}), ${result.cpusBusy.toFixed(2)} CPUs busy`,
    `${result.listeners} listeners, ${result.deaf} heard no end; the last heard it ${ms(result.allHeardAfterMs)} after all films were done`,
    `all had ended after ${ms(result.allEndedAfterMs)}: ${JSON.stringify(result.states)}; ${result.takenAgain} submitted twice`,
  ].join('\n');
}
