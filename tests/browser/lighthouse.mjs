#!/usr/bin/env node
// Has Lighthouse look at pages as a telephone on a slow line shows them: `node lighthouse.mjs PLAN`, where PLAN is JSON.
//
//   pages     each with url, and where wanted cookie
//   least     the score of each category that a page must have, of 100
//
// A page is looked at three times, and the median of each category counts. What else the machine does can only lower it, so whoever
// falls short is looked at three times more, twice at most. Each page is one line: `ok  `, `FAIL` or `ERR `.

import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';
import { executable, isLoopback } from './browser.mjs';

const RUNS = 3;
const ATTEMPTS = 3;

const plan = JSON.parse(process.argv[2]);
const categories = Object.keys(plan.least);
const median = (scores) => [...scores].sort((one, other) => one - other)[Math.floor(scores.length / 2)];
const counted = { ok: 0, fail: 0, err: 0 };

async function look({ url, cookie }, port) {
  if (!isLoopback(url)) throw new Error(`refusing ${url}: it is not on this machine`);
  const result = await lighthouse(url, {
    port,
    onlyCategories: categories,
    extraHeaders: cookie ? { Cookie: cookie } : {},
    logLevel: 'error',
  });
  const { lhr } = result;
  if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
  const short = Object.values(lhr.audits).filter((audit) => audit.score !== null && audit.score < 0.9).map((audit) => `${audit.id} ${audit.displayValue ?? ''}`.trim());
  return { scores: Object.fromEntries(categories.map((name) => [name, Math.round(lhr.categories[name].score * 100)])), short };
}

const chrome = await launch({
  chromePath: executable(),
  chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  logLevel: 'error',
});
for (const page of plan.pages) {
  const at = new URL(page.url).pathname;
  try {
    let medians;
    let short = [];
    const fallen = () => categories.filter((name) => medians[name] < plan.least[name]);
    for (let attempt = 0; attempt < ATTEMPTS && (!medians || fallen().length); attempt++) {
      const runs = [];
      for (let run = 0; run < RUNS; run++) runs.push(await look(page, chrome.port));
      medians = Object.fromEntries(categories.map((name) => [name, median(runs.map((run) => run.scores[name]))]));
      short = [...new Set(runs.flatMap((run) => run.short))];
    }
    const told = categories.map((name) => `${name} ${medians[name]}`).join(', ');
    counted[fallen().length ? 'fail' : 'ok']++;
    console.log(`${fallen().length ? 'FAIL' : 'ok  '} ${at}  [Lighthouse: ${told}]${fallen().length ? `\n     ${short.join('\n     ')}` : ''}`);
  } catch (error) {
    counted.err++;
    console.log(`ERR  ${at}  [Lighthouse]\n     ${error.message.split('\n')[0]}`);
  }
}
await chrome.kill();
process.exit(counted.err ? 2 : counted.fail ? 1 : 0);
